//! What is sent, put together from parts that were written beforehand, and what must come back.

use rand::Rng as _;
use rand::rngs::SmallRng;

use super::connection::Answer;
use crate::Outcome;
use crate::fill;
use crate::options::Operation;
use crate::provision::Member;

/// The new contact; pgbench inserts the same values.
pub(crate) const NEW_CONTACT: [(&str, &str); 6] = [
    ("first_name", "Adele"),
    ("last_name", "Newcomer"),
    ("email", "adele.newcomer@example.com"),
    ("phone", "+49 30 5550123"),
    ("company", "Company 17"),
    ("notes", "Met at the fair, wants to hear from us in week 30"),
];

/// Requests of one operation.
pub(super) struct Requests {
    operation: Operation,
    /// Everything behind the path, for each tenant.
    tails: Vec<Vec<u8>>,
    /// The share of the tenants up to each one, where they are of unequal weight.
    shares: Option<Vec<f64>>,
    records: u32,
}

/// What was asked for, to compare the answer with.
pub(super) struct Asked {
    /// The number of the record, where it was one.
    record: u32,
}

impl Requests {
    pub(super) fn new(members: &[Member], records: u32, operation: Operation, skewed: bool) -> Self {
        let body = match operation {
            Operation::Create => new_contact(),
            _ => String::new(),
        };
        let tail = |member: &Member| {
            let token = &member.token;
            let length = match operation {
                Operation::Create => format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len()),
                _ => String::new(),
            };
            format!(" HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n{length}\r\n{body}").into_bytes()
        };
        let shares = skewed.then(|| {
            let mut sum = 0.0;
            let mut shares: Vec<f64> = Vec::with_capacity(members.len());
            for n in 1..=members.len() {
                sum += 1.0 / n as f64;
                shares.push(sum);
            }
            shares.iter().map(|share| share / sum).collect()
        });
        Self { operation, tails: members.iter().map(tail).collect(), shares, records }
    }

    /// Writes a request of a random tenant for a random record.
    pub(super) fn write(&self, random: &mut SmallRng, bytes: &mut Vec<u8>) -> Asked {
        let tenant = match &self.shares {
            None => random.random_range(0..self.tails.len()),
            Some(shares) => {
                let place = random.random::<f64>();
                shares.partition_point(|share| *share < place)
            }
        };
        self.write_of(tenant, random.random_range(1..=self.records), bytes)
    }

    /// How many tenants there are to ask.
    pub(super) fn tenants(&self) -> usize {
        self.tails.len()
    }

    /// Writes a request of one tenant for one record.
    pub(super) fn write_of(&self, tenant: usize, record: u32, bytes: &mut Vec<u8>) -> Asked {
        bytes.clear();
        match self.operation {
            Operation::Get => record_path(bytes, b"GET /api/v1/contacts/", record),
            Operation::Join => record_path(bytes, b"GET /api/v1/bench/deals/", record),
            Operation::List => bytes.extend_from_slice(b"GET /api/v1/contacts"),
            Operation::Create => bytes.extend_from_slice(b"POST /api/v1/contacts"),
        }
        bytes.extend_from_slice(self.tails.get(tenant).or(self.tails.last()).map_or(&[], Vec::as_slice));
        Asked { record }
    }

    /// Refuses an answer that is not what was asked for.
    pub(super) fn check(&self, asked: &Asked, answer: &Answer) -> Outcome<()> {
        let body = &answer.body;
        let good = match self.operation {
            Operation::Get | Operation::Join => {
                let id = body.get(7..43).unwrap_or_default();
                answer.status == 200
                    && body.starts_with(br#"{"id":""#)
                    && id == fill::record_id(asked.record).as_bytes()
            }
            Operation::Create => answer.status == 201 && body.starts_with(br#"{"id":""#),
            Operation::List => {
                // Counting what stands in 20 kB takes as long as sending the request, so it is done now and then.
                let all = !asked.record.is_multiple_of(64) || records(body) == 50;
                answer.status == 200 && body.starts_with(br#"{"items":[{"id":""#) && all
            }
        };
        if good {
            return Ok(());
        }
        let text = String::from_utf8_lossy(body).chars().take(300).collect::<String>();
        Err(format!("{} was answered {}: {text}", self.operation.name(), answer.status).into())
    }
}

fn record_path(bytes: &mut Vec<u8>, path: &[u8], record: u32) {
    bytes.extend_from_slice(path);
    bytes.extend_from_slice(fill::record_id(record).as_bytes());
}

fn records(body: &[u8]) -> usize {
    body.windows(7).filter(|bytes| bytes == br#"{"id":""#).count()
}

fn new_contact() -> String {
    let fields = NEW_CONTACT.map(|(name, value)| (name.to_owned(), serde_json::Value::from(value)));
    serde_json::Value::Object(fields.into_iter().collect()).to_string()
}
