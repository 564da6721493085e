//! `GET /api/v1/clinic/patients`

use serde_json::json;

use super::patient;
use crate::clinic;

/// Contact, number and day of birth narrow the list; it goes by age of the record or of the patient, either way.
#[tokio::test]
async fn patients_are_filtered_and_sorted() {
    let (_platform, clinic) = clinic().await;
    let owner = clinic.owner();
    let mut contacts = Vec::new();
    for (number, day) in [("P-1", "1985-12-10"), ("P-2", "1990-01-01"), ("P_3", "1985-12-10"), ("p-1", "1971-05-05")] {
        let body = patient(&clinic, json!({ "number": number, "date_of_birth": day })).await;
        contacts.push(body["contact_id"].as_str().unwrap().to_owned());
        owner.post("/clinic/patients", body).await.expect(201);
    }
    let second = format!("?filter[contact_id]={}", contacts[1]);
    for (query, numbers) in [
        ("", vec!["p-1", "P_3", "P-2", "P-1"]),
        ("?sort=created_at", vec!["P-1", "P-2", "P_3", "p-1"]),
        ("?sort=-created_at", vec!["p-1", "P_3", "P-2", "P-1"]),
        ("?sort=-date_of_birth&limit=1", vec!["P-2"]),
        ("?sort=date_of_birth&limit=1", vec!["p-1"]),
        ("?filter[number]=P-1", vec!["P-1"]),
        ("?filter[number]=P%25", vec![]),
        ("?filter[date_of_birth]=1985-12-10&sort=created_at", vec!["P-1", "P_3"]),
        (
            "?filter[date_of_birth][gte]=1985-12-10&filter[date_of_birth][lt]=1990-01-01&sort=created_at",
            vec!["P-1", "P_3"],
        ),
        ("?filter[date_of_birth][lte]=1971-05-05", vec!["p-1"]),
        ("?filter[number][in]=P-1,P-2,P-9", vec!["P-2", "P-1"]),
        (&second, vec!["P-2"]),
        (&format!("{second}&filter[number]=P-1"), vec![]),
        ("?filter[contact_id]=01890000-0000-7000-8000-000000000000", vec![]),
    ] {
        let list = owner.get(&format!("/clinic/patients{query}")).await.expect(200);
        assert_eq!(list.column("number"), numbers, "{query}");
    }
}

/// Patients of one birthday page on without a gap.
#[tokio::test]
async fn equal_birthdays_page_on() {
    let (_platform, clinic) = clinic().await;
    for n in 0..5 {
        let body = patient(&clinic, json!({ "number": n.to_string() })).await;
        clinic.owner().post("/clinic/patients", body).await.expect(201);
    }
    for sort in ["date_of_birth", "-date_of_birth"] {
        let (mut walked, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = clinic.owner().get(&format!("/clinic/patients?sort={sort}&limit=2{cursor}")).await.expect(200);
            walked.extend(page.column("number").into_iter().map(str::to_owned));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        walked.sort();
        assert_eq!(walked, ["0", "1", "2", "3", "4"], "{sort}");
    }
}

/// A value that cannot be looked for is pointed at, an unknown parameter refused.
#[tokio::test]
async fn parameters_are_checked() {
    let (_platform, clinic) = clinic().await;
    for (query, pointer) in [
        ("filter[contact_id]=1", "filter[contact_id]"),
        ("filter[date_of_birth]=1899-12-31", "filter[date_of_birth]"),
        ("filter[date_of_birth][gte]=2201-01-01", "filter[date_of_birth][gte]"),
        ("filter[date_of_birth]=today", "filter[date_of_birth]"),
        ("filter[number]=", "filter[number]"),
        ("sort=number", "sort"),
    ] {
        let refused = clinic.owner().get(&format!("/clinic/patients?{query}")).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer]);
    }
    for query in ["gender=female", "number=1", "filter[gender]=female", "filter[number]=1&filter[number]=2"] {
        clinic.owner().get(&format!("/clinic/patients?{query}")).await.problem(400, "malformed_request");
    }
}
