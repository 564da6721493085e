//! An audit of rights: what the catalogs say, against what isolation needs. A handful of queries over all tenants.

use super::error::DbError;
use super::logins::Logins;
use super::tenants::Tenants;

/// Each query lists what should not be, in words. `$1` is the prefix of this installation's logins.
const CHECKS: [&str; 14] = [
    // Rights on tables: the tenant's role, on its own schema, the four verbs; on fence and journal reading; on histories
    // nothing; what says that its rows stay keeps them.
    "SELECT format('%s has %s on %s.%s', coalesce(nullif(acl.grantee::regrole::text, '-'), 'PUBLIC'),
            acl.privilege_type, n.nspname, c.relname)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) acl
     WHERE n.nspname ~ '^t_[0-9a-f]{32}$' AND acl.grantee <> c.relowner AND $1 <> ''
        AND (acl.grantee::regrole::text <> n.nspname OR acl.is_grantable
            OR acl.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
            OR c.relname IN ('fence', 'journal') AND acl.privilege_type <> 'SELECT'
            OR obj_description(c.oid, 'pg_class') LIKE 'append-only: %' AND acl.privilege_type IN ('UPDATE', 'DELETE')
            OR obj_description(c.oid, 'pg_class') LIKE 'kept: %' AND acl.privilege_type = 'DELETE'
            OR c.relname LIKE 'history\\_%')",
    // Rights on columns are rights on tables by another name.
    "SELECT format('rights on column %s of %s.%s', a.attname, n.nspname, c.relname)
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname ~ '^t_[0-9a-f]{32}$' AND a.attacl IS NOT NULL AND $1 <> ''",
    // Rights on schemas: the tenant's role may use its own.
    "SELECT format('%s has %s on schema %s', coalesce(nullif(acl.grantee::regrole::text, '-'), 'PUBLIC'),
            acl.privilege_type, n.nspname)
     FROM pg_namespace n, aclexplode(n.nspacl) acl
     WHERE n.nspname ~ '^t_[0-9a-f]{32}$' AND acl.grantee <> n.nspowner AND $1 <> ''
        AND (acl.grantee::regrole::text <> n.nspname OR acl.privilege_type <> 'USAGE')",
    // Members of tenants' roles: the shard's login.
    "SELECT format('%s may take the role of tenant %s', member.rolname, t.id)
     FROM platform.tenants t JOIN pg_roles r ON r.rolname = 't_' || replace(t.id::text, '-', '')
     JOIN pg_auth_members m ON m.roleid = r.oid JOIN pg_roles member ON member.oid = m.member
     WHERE member.rolname <> $1 || '_run_' || t.shard AND member.rolname <> current_user",
    // Tenants' roles are members of nothing.
    "SELECT format('the role of tenant %s is a member of %s', t.id, m.roleid::regrole)
     FROM platform.tenants t JOIN pg_roles r ON r.rolname = 't_' || replace(t.id::text, '-', '')
     JOIN pg_auth_members m ON m.member = r.oid WHERE $1 <> ''",
    // Attributes and ownership. Roles are the whole server's; other installations' are not judged here.
    "SELECT format('role %s has more attributes than it may', rolname) FROM pg_roles
     WHERE (rolname IN (SELECT 't_' || replace(id::text, '-', '') FROM platform.tenants)
                AND (rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls)
            OR rolname LIKE replace($1, '_', '\\_') || '\\_run\\_%'
                AND (rolinherit OR rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication))
     UNION ALL
     SELECT format('%s owns %s.%s', c.relowner::regrole, n.nspname, c.relname)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
     WHERE r.rolname ~ '^t_[0-9a-f]{32}$' OR r.rolname LIKE replace($1, '_', '\\_') || '\\_run\\_%'",
    // Relations of the platform are its login's, and nobody's by a runtime login, wherever they stand.
    "SELECT format('%s has %s on %s.%s', coalesce(r.rolname, 'PUBLIC'), acl.privilege_type, n.nspname, c.relname)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) acl
     LEFT JOIN pg_roles r ON r.oid = acl.grantee
     WHERE r.rolname LIKE replace($1, '_', '\\_') || '\\_run\\_%'
        OR n.nspname = 'platform' AND acl.grantee <> c.relowner AND r.rolname IS DISTINCT FROM $1 || '_platform'
        OR n.nspname !~ '^(pg_|t_[0-9a-f]{32}$)' AND n.nspname NOT IN ('platform', 'information_schema')
            AND (r.rolname IS NULL OR r.rolname ~ '^t_[0-9a-f]{32}$')",
    "SELECT format('rights on column %s of platform.%s', a.attname, c.relname)
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = 'platform'::regnamespace AND a.attacl IS NOT NULL AND $1 <> ''",
    // The ways in are for runtime logins; what writes one narrow thing into a tenant is for the platform login; other functions
    // of the platform are for its owner.
    "SELECT format('%s may call %s', coalesce(r.rolname, 'PUBLIC'), p.oid::regprocedure)
     FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl
     LEFT JOIN pg_roles r ON r.oid = acl.grantee
     WHERE p.pronamespace = 'platform'::regnamespace AND acl.grantee <> p.proowner
        AND NOT coalesce(p.proname IN ('admit', 'admit_with_team', 'admit_work') AND r.rolname LIKE replace($1, '_', '\\_') || '\\_run\\_%'
            OR p.proname = ANY ('{act,note_denial,seal_journals,post_notices,end_notice,return_notice,withdraw_consent,calendar_feed,keep_field_index}')
            AND r.rolname = $1 || '_platform', false)",
    // Whoever may call `set_config` may take any role that the login is a member of: tenants' roles must not.
    "SELECT format('%s may call %s', coalesce(r.rolname, 'PUBLIC'), p.oid::regprocedure)
     FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl
     LEFT JOIN pg_roles r ON r.oid = acl.grantee
     WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname = 'set_config' AND acl.grantee <> p.proowner
        AND NOT coalesce(r.rolname = current_user OR r.rolname LIKE replace($1, '_', '\\_') || '\\_run\\_%', false)",
    // A runtime login is a member of tenants' roles and of nothing else.
    "SELECT format('%s is a member of %s', member.rolname, m.roleid::regrole)
     FROM pg_auth_members m JOIN pg_roles member ON member.oid = m.member
     WHERE member.rolname LIKE replace($1, '_', '\\_') || '\\_run\\_%'
        AND m.roleid::regrole::text !~ '^t_[0-9a-f]{32}$'",
    // A tenant's schema holds its owner's tables. A view or a function would read with somebody else's rights.
    "SELECT format('%s.%s is no table of the schema''s owner', n.nspname, c.relname)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname ~ '^t_[0-9a-f]{32}$' AND (c.relowner <> n.nspowner OR c.relkind IN ('v', 'm', 'f')) AND $1 <> ''
     UNION ALL
     SELECT format('%s stands in a tenant''s schema', p.oid::regprocedure)
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname ~ '^t_[0-9a-f]{32}$'",
    // No other schema is open to tenants, nothing will be granted by itself, and no setting leads a role elsewhere.
    "SELECT format('%s has %s on schema %s', coalesce(r.rolname, 'PUBLIC'), acl.privilege_type, n.nspname)
     FROM pg_namespace n, aclexplode(n.nspacl) acl LEFT JOIN pg_roles r ON r.oid = acl.grantee
     WHERE n.nspname !~ '^(pg_|t_[0-9a-f]{32}$)' AND n.nspname <> 'information_schema'
        AND (r.rolname ~ '^t_[0-9a-f]{32}$'
            OR r.rolname IS NULL AND NOT (n.nspname IN ('public', 'extensions') AND acl.privilege_type = 'USAGE')
            OR r.rolname LIKE replace($1, '_', '\\_') || '\\_run\\_%' AND n.nspname <> 'platform')
     UNION ALL
     SELECT format('new objects of %s will be granted by default', d.defaclrole::regrole) FROM pg_default_acl d
     UNION ALL
     SELECT format('%s starts with other settings', s.setrole::regrole) FROM pg_db_role_setting s
     JOIN pg_roles r ON r.oid = s.setrole
     -- A server may hold other installations, whose tenants are theirs to audit.
     WHERE r.rolname IN (SELECT 't_' || replace(id::text, '-', '') FROM platform.tenants) OR r.rolname LIKE replace($1, '_', '\\_') || '\\_run\\_%'",
    // Nothing refers from one schema to another, and each fence holds its own tenant's schema.
    "SELECT format('foreign key %s leaves schema %s', f.conname, n.nspname)
     FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_class target ON target.oid = f.confrelid
     WHERE f.contype = 'f' AND n.nspname ~ '^t_[0-9a-f]{32}$' AND target.relnamespace <> c.relnamespace AND $1 <> ''
     UNION ALL
     SELECT format('tenant %s has no schema', id) FROM platform.tenants
     WHERE status IN ('active', 'suspended')
        AND NOT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 't_' || replace(id::text, '-', ''))",
];

/// What is wrong with the rights in the database, in words; empty where all is well.
///
/// # Errors
/// Those of the database.
pub async fn audit(tenants: &Tenants, logins: &Logins) -> Result<Vec<String>, DbError> {
    let client = tenants.admin().await?;
    let mut findings = Vec::new();
    for check in CHECKS {
        for row in client.query(check, &[&logins.database()]).await? {
            findings.push(row.try_get(0)?);
        }
    }
    Ok(findings)
}
