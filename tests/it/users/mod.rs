//! `/api/v1/users`

mod belongings;
mod me;
mod register;
mod second_factor;
mod secrets;
mod short_passwords;
