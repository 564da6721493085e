//! The files behind documents: they go with their rows, and no organization reaches another's.

use std::fs::File;
use std::time::{Duration, SystemTime};

use futures_util::future::join_all;

use super::{document, send};
use crate::agency;

/// Deleting a document deletes its file, and no other.
#[tokio::test]
async fn a_file_goes_with_its_document() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let (one, other) = (document(owner).await, document(owner).await);
    for made in [&one, &other] {
        send(owner, made.header("location"), "application/pdf", "x").await.expect(200);
    }
    owner.delete(one.header("location")).await.expect(204);
    assert_eq!(platform.files().names(agency.tenant()).len(), 1);
    owner.get(&format!("{}/content", one.header("location"))).await.problem(404, "not_found");
    owner.get(&format!("{}/content", other.header("location"))).await.expect(200);
}

/// Of several contents that arrive at once, one is the document's, whole, and the others leave nothing.
#[tokio::test]
async fn of_several_at_once_one_is_kept() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let made = document(owner).await;
    let path = made.header("location");
    let sent = (0..6_u8).map(|n| send(owner, path, "text/plain", vec![b'a' + n; 100_000]));
    for reply in join_all(sent).await {
        reply.expect(200);
    }
    assert_eq!(platform.files().names(agency.tenant()).len(), 1);
    let read = owner.get(&format!("{path}/content")).await.expect(200);
    let first = read.text.as_bytes()[0];
    assert!(read.text.len() == 100_000 && read.text.bytes().all(|byte| byte == first));
}

/// At night files go that no row names, if they are old enough; rows and their files stay.
#[tokio::test]
async fn what_no_row_names_goes_at_night() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let made = document(owner).await;
    send(owner, made.header("location"), "application/pdf", "kept").await.expect(200);
    let folder = platform.files().of(agency.tenant());
    let kept = platform.files().names(agency.tenant()).remove(0);
    let [old, young] = [(); 2].map(|()| uuid::Uuid::new_v4().to_string());
    for name in [&old, &young] {
        std::fs::write(folder.join(name), "left").unwrap();
    }
    let two_days_ago = SystemTime::now() - Duration::from_secs(2 * 24 * 3600);
    for name in [&old, &kept] {
        File::options().write(true).open(folder.join(name)).unwrap().set_modified(two_days_ago).unwrap();
    }
    platform.run_job("real-estate/forget-files").await;
    let mut left = vec![kept.clone(), young];
    left.sort();
    assert_eq!(platform.files().names(agency.tenant()), left);

    // A file that is missing takes no row along.
    std::fs::remove_file(folder.join(&kept)).unwrap();
    platform.run_job("real-estate/forget-files").await;
    owner.get(made.header("location")).await.expect(200);
    owner.get(&format!("{}/content", made.header("location"))).await.problem(503, "unavailable");
}

/// Each organization has a folder of its own, and a row that names another's file finds nothing.
#[tokio::test]
async fn no_organization_reaches_anothers_files() {
    let (platform, agency) = agency().await;
    let rival = platform.organization("Rival").await;
    rival.enable("real-estate").await;
    let (ours, theirs) = (document(agency.owner()).await, document(rival.owner()).await);
    send(agency.owner(), ours.header("location"), "application/pdf", "ours").await.expect(200);
    send(rival.owner(), theirs.header("location"), "application/pdf", "theirs").await.expect(200);
    let ours_file = platform.files().names(agency.tenant()).remove(0);
    rival.owner().get(&format!("{}/content", ours.header("location"))).await.problem(404, "not_found");

    let forged = format!("UPDATE {}.documents SET file_id = '{ours_file}'", rival.tenant().schema());
    platform.database().superuser().await.batch_execute(&forged).await.unwrap();
    rival.owner().get(&format!("{}/content", theirs.header("location"))).await.problem(503, "unavailable");
    rival.owner().delete(theirs.header("location")).await.expect(204);
    assert_eq!(platform.files().names(agency.tenant()), [ours_file]);
    let read = agency.owner().get(&format!("{}/content", ours.header("location"))).await.expect(200);
    assert_eq!(read.text, "ours");
}

/// Where there is no place for files, that is said, and all the rest works.
#[tokio::test]
async fn without_a_place_for_files_there_are_records() {
    let platform =
        tenantry_core::testing::TestPlatform::start_with(&["real-estate"], |config| config.files.directory = None)
            .await;
    let agency = platform.organization("Agency").await;
    agency.enable("real-estate").await;
    let made = document(agency.owner()).await;
    send(agency.owner(), made.header("location"), "application/pdf", "x").await.problem(503, "no_file_store");
    platform.run_job("real-estate/forget-files").await;
    agency.owner().delete(made.header("location")).await.expect(204);
}

/// Files of an organization that was purged go with the next sweep; those of others stay.
#[tokio::test]
async fn a_purge_takes_the_files() {
    let (platform, agency) = agency().await;
    let rival = platform.organization("Rival").await;
    rival.enable("real-estate").await;
    for organization in [&agency, &rival] {
        let made = document(organization.owner()).await;
        send(organization.owner(), made.header("location"), "application/pdf", "x").await.expect(200);
    }
    let purged = "UPDATE platform.tenants SET status = 'deleting', purge_at = now() WHERE id = $1";
    platform.database().superuser().await.execute(purged, &[&agency.tenant()]).await.unwrap();
    tenantry_core::worker::Worker::new(platform.platform().clone()).sweep().await.unwrap();
    assert!(platform.files().names(agency.tenant()).is_empty());
    assert_eq!(platform.files().names(rival.tenant()).len(), 1);
}
