//! `liberty demo`: two answering services with some weeks of life behind them, loaded once.

mod calls;
mod chance;
mod dental;
mod file;
mod heating;
mod history;
mod law;
mod on_call;
mod other;
mod people;
mod playbook;
mod speech;
mod tenancy;
mod to_dos;
mod today;
mod trade;

use std::io::Write;

use crate::Failure;
use crate::cli::new_password;
use crate::config::Config;
use crate::house::House;
use file::{DemoFile, Other, SignIn};
use tenancy::LoadedTenancy;

/// The subdomain of the demo's tenant.
const DEMO: &str = "demo";
/// The subdomain of the other one.
const OTHER: &str = "other";

/// Loads the demo if it is not there yet, tells scripts and people about it.
///
/// Where `demo.json` of an earlier load is there, nothing but its addresses changes. Where it was
/// lost, everybody gets a new password and new keys; the messages stay.
pub(crate) async fn load(config: &Config, out: &mut (dyn Write + Send)) -> Result<(), Failure> {
    let house = House::open_ready(config).await?;
    let is_there = app::tenants::of_subdomain(&house.app, DEMO).await.is_ok();
    let file = match DemoFile::read(config) {
        Some(file) if is_there => file,
        _ => fill(config, &house).await?,
    };
    let file = file.at(config);
    file.write(config)?;
    tell(&file, out)
}

async fn fill(config: &Config, house: &House) -> Result<DemoFile, Failure> {
    let audio = house.audio(config)?;
    let password = new_password(&house.app);
    let hash = app::passwords::hash(&house.app, &password);
    let demo = tenancy::demo(house, &audio, &password, &hash).await?;
    let other = other::load(house, &password, &hash).await?;
    let sign_in = |email: &str| SignIn { email: email.to_owned(), password: password.clone() };
    let LoadedTenancy { v2_key, v1_token, switch_key, account_number, message_id, recording_id } =
        demo;
    Ok(DemoFile {
        url: String::new(),
        host: String::new(),
        v2_key,
        v1_email: tenancy::CLIENT.to_owned(),
        v1_token,
        account_number,
        message_id,
        recording_id,
        switch_key,
        other_tenant: Other {
            url: String::new(),
            host: String::new(),
            v2_key: other.0,
            message_id: other.1,
        },
        agent: sign_in(tenancy::AGENTS[0].0),
        client: sign_in(tenancy::CLIENT),
        owner: sign_in(tenancy::OWNER),
    })
}

fn tell(file: &DemoFile, out: &mut (dyn Write + Send)) -> Result<(), Failure> {
    let url = &file.url;
    writeln!(out, "\nThe demo of Liberty is at {url}\n")?;
    let people = [("client", &file.client), ("agent", &file.agent), ("owner", &file.owner)];
    for (role, who) in people {
        writeln!(out, "  sign in as {role:<7} {:<32} {}", who.email, who.password)?;
    }
    writeln!(out, "\n  a program reads the same messages:")?;
    let key = &file.v2_key;
    writeln!(out, "  curl -H 'Authorization: Bearer {key}' '{url}/api/v2/messages?limit=2'\n")?;
    Ok(())
}
