//! What the database itself says of the journal.

use crate::platform;

/// Each table of each tenant is under the journal, whichever module made it.
#[tokio::test]
async fn every_table_is_under_it() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for module in tenantry::MODULES {
        acme.enable(module).await;
    }
    let superuser = platform.database().superuser().await;
    let sql = "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname ~ '^t_[0-9a-f]{32}$' AND c.relkind = 'r' AND c.relname NOT IN ('fence', 'journal', 'idempotency')
            AND c.relname NOT LIKE 'history\\_%'
            AND coalesce(obj_description(c.oid), '') NOT LIKE 'unjournaled: %'
            AND (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname IN ('journal', 'journal_made')
                AND t.tgenabled = 'O') < 2";
    let free: Vec<String> = superuser.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(free.is_empty(), "without a journal: {free:?}");
}

/// Each table's changes are events too: no module forgets to declare its records.
#[tokio::test]
async fn every_table_is_heard() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for module in tenantry::MODULES {
        acme.enable(module).await;
    }
    let superuser = platform.database().superuser().await;
    let sql = "SELECT DISTINCT c.relname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname ~ '^t_[0-9a-f]{32}$' AND t.tgname = 'journal'";
    let tables: Vec<String> = superuser.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(tables.len() >= 3, "{tables:?}");
    let heard = |table: &&String| platform.platform().modules().events().any(|source| source.resource == **table);
    let silent: Vec<_> = tables.iter().filter(|table| !heard(table)).collect();
    assert!(silent.is_empty(), "no module declares events of {silent:?}");
}

/// What modules say of the records whose changes can be undone is what the database says of their tables.
#[tokio::test]
async fn what_is_undone_is_whole() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for module in tenantry::MODULES {
        acme.enable(module).await;
    }
    let database = crate::support::superuser_in(&platform, &acme).await;
    let names = async |sql: &str, table: &str| -> Vec<String> {
        let rows = database.query(sql, &[&table]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    };
    let mut faults = Vec::new();
    let sources: Vec<_> = platform.platform().modules().events().collect();
    // The tables of a module whose changes are not undone.
    let kept_of = |module: &str| -> Vec<&str> {
        let kept = sources.iter().filter(|source| source.undo.is_none() && source.read.module == module);
        kept.map(|source| source.resource).collect()
    };
    for source in &sources {
        let Some(undo) = &source.undo else { continue };
        let table = undo.table.as_str();
        let mut compare = |what: &str, mut declared: Vec<String>, there: Vec<String>| {
            declared.sort();
            if declared != there {
                faults.push(format!("`{what}` of {table} in the descriptor: {declared:?}, in the database: {there:?}"));
            }
        };
        let columns = "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0
             AND NOT attisdropped AND attgenerated = '' ORDER BY 1";
        let declared: Vec<String> = undo.columns.as_str().split(", ").map(str::to_owned).collect();
        for column in ["id", "version", "created_at", "updated_at"] {
            assert!(declared.iter().any(|own| own == column), "{table} has no {column}");
        }
        compare("columns", declared, names(columns, table).await);
        let references = "SELECT a.attname || ' ' || c.confrelid::regclass FROM pg_constraint c JOIN pg_attribute a
             ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] JOIN pg_attribute id ON id.attrelid = c.confrelid
             AND id.attnum = c.confkey[1] AND id.attname = 'id' WHERE c.conrelid = $1::text::regclass AND c.contype = 'f'
             ORDER BY 1";
        let declared = undo.refers.iter().map(|to| format!("{} {}", to.column.as_str(), to.table.as_str())).collect();
        compare("refers", declared, names(references, table).await);
        let unique = "SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid
             AND a.attnum = i.indkey[0] WHERE i.indrelid = $1::text::regclass AND i.indisunique AND NOT i.indisprimary
             AND i.indnkeyatts = 1 ORDER BY 1";
        let declared = undo.unique.iter().map(|column| column.as_str().to_owned()).collect();
        compare("unique", declared, names(unique, table).await);
        let children = "SELECT DISTINCT a.attname || ' ' || c.conrelid::regclass FROM pg_constraint c JOIN pg_attribute a
             ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.confrelid = $1::text::regclass AND c.contype = 'f'
             AND c.confdeltype IN ('a', 'r') AND c.conrelid::regclass::text = ANY ($2) ORDER BY 1";
        let rows = database.query(children, &[&table, &kept_of(source.read.module)]).await.unwrap();
        let declared = undo.kept_by.iter().map(|by| format!("{} {}", by.column.as_str(), by.table.as_str())).collect();
        compare("kept_by", declared, rows.iter().map(|row| row.get(0)).collect());
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The tenant's own role reads it, and neither adds to it nor changes it.
#[tokio::test]
async fn a_tenant_only_reads_it() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let superuser = platform.database().superuser().await;
    let schema = acme.tenant().schema();
    superuser.batch_execute(&format!("SET ROLE {schema}; SET search_path TO {schema}")).await.unwrap();
    superuser.batch_execute("SELECT id FROM journal").await.unwrap();
    for verb in [
        "INSERT INTO journal (kind, resource, change) VALUES ('system', 'x', 'created')",
        "UPDATE journal SET kind = 'system'",
        "DELETE FROM journal",
        "UPDATE journal_seals SET position = 0",
        "DELETE FROM journal_seals",
        "TRUNCATE journal",
        "ALTER TABLE contacts DISABLE TRIGGER journal",
        "SELECT platform.seal_journals(1)",
    ] {
        let refused = superuser.batch_execute(verb).await.expect_err(verb);
        assert_eq!(refused.code().map(|code| code.code()), Some("42501"), "{verb}: {refused:?}");
    }
}
