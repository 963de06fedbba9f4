//! What becomes of a message that was saved, in sentences.

use app::closings::{Consequence, LetOut, NextStep};
use domain::playbook::Notice;
use domain::{Channel, Instant, Zone};

use crate::delivery::words::listed;
use crate::ui::words::sentence as sentence_of;

/// People who are named for one channel; more are counted.
const NAMED: usize = 4;

/// The clock on which times are told: an account's, for a reader who may live by another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpokenClock<'z> {
    pub(crate) now: Instant,
    /// The account's zone.
    pub(crate) zone: &'z Zone,
    /// The reader's.
    pub(crate) reader: &'z Zone,
}

impl SpokenClock<'_> {
    /// `1:59 PM` today, else `Jan 22, 1:59 PM`, with the zone where it is not the reader's.
    pub(crate) fn tell(&self, at: Instant) -> String {
        let whole = self.zone.portal(at).to_string();
        let mut parts = whole.splitn(3, ", ");
        let (day, _, time) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
        let time = match self.zone.name() == self.reader.name() {
            true => time.rsplit_once(' ').map_or(time, |(time, _)| time),
            false => time,
        };
        match day.filter(|_| self.zone.date(at) != self.zone.date(self.now)) {
            Some(day) => format!("{day}, {time}"),
            None => time.to_owned(),
        }
    }
}

/// What a save set off: `Saved. Texting Jane Hart (on call). Next step 1:59 PM.` What is for a
/// channel that is none of these `channels` is sent by nobody.
pub(crate) fn sentence(
    consequence: &Consequence,
    clock: &SpokenClock<'_>,
    channels: &[Channel],
) -> String {
    match consequence {
        Consequence::SavedBefore => "It was saved before, and is one message.".to_owned(),
        Consequence::Filed => "Recorded. Nobody is told.".to_owned(),
        Consequence::Held { until, digest: None } => {
            format!("Saved. Held until {}: nobody is told before.", clock.tell(*until))
        }
        Consequence::Held { until, digest: Some(name) } => {
            format!("Saved. It goes out with the digest “{name}”, {}.", clock.tell(*until))
        }
        Consequence::LetOut(out) => let_out(out, clock, channels),
    }
}

fn let_out(out: &LetOut, clock: &SpokenClock<'_>, channels: &[Channel]) -> String {
    let mut said = vec!["Saved.".to_owned()];
    let is_for_nobody = out.notices.is_empty() && out.missing.is_empty();
    if is_for_nobody && out.next_step.is_none() && out.agents.is_none() {
        said.push("Nobody is told: it waits in the portal.".to_owned());
    }
    said.extend(told(&out.notices, channels));
    said.extend(out.missing.iter().cloned());
    match &out.next_step {
        Some(NextStep { at, goes_to_agents: true, .. }) => {
            said.push(format!("Next step {}: the work queue.", clock.tell(*at)));
        }
        Some(NextStep { at, .. }) => said.push(format!("Next step {}.", clock.tell(*at))),
        None => {}
    }
    if let Some(why) = &out.agents {
        said.push(format!("{why} It waits in the work queue."));
    }
    said.join(" ")
}

/// `Texting and calling Jane Hart (on call); e-mailing the office.`, and what is only kept.
fn told(notices: &[Notice], channels: &[Channel]) -> Vec<String> {
    let (sent, kept): (Vec<&Notice>, Vec<&Notice>) =
        notices.iter().partition(|notice| channels.contains(&notice.channel));
    let sending = |(channels, names): (Vec<Channel>, String)| {
        let doing: Vec<&str> = channels.into_iter().map(doing).collect();
        format!("{} {names}", doing.join(" and "))
    };
    let sent: Vec<String> = by_channels(&sent).into_iter().map(sending).collect();
    let sent = (!sent.is_empty()).then(|| sent.join("; "));
    let kept = by_channels(&kept).into_iter().map(|(channels, names)| kept_for(&names, &channels));
    sent.into_iter().chain(kept).map(|said| sentence_of(&said)).collect()
}

/// `kept in the outbox for Jane Hart: no carrier for texts is set up`.
pub(crate) fn kept_for(names: &str, channels: &[Channel]) -> String {
    format!("kept in the outbox for {names}: {}", no_carrier(channels))
}

/// `no carrier for texts is set up`.
pub(crate) fn no_carrier(channels: &[Channel]) -> String {
    let noun = |channel: &Channel| match channel {
        Channel::Email => "e-mail".to_owned(),
        Channel::Sms => "texts".to_owned(),
        Channel::Call => "calls".to_owned(),
    };
    let nouns: Vec<String> = channels.iter().map(noun).collect();
    format!("no carrier for {} is set up", listed(&nouns, "or"))
}

/// Those who are told on the same channels, together.
fn by_channels(notices: &[&Notice]) -> Vec<(Vec<Channel>, String)> {
    let mut people: Vec<(String, Vec<Channel>)> = Vec::new();
    for notice in notices {
        let name = named(notice);
        match people.iter_mut().find(|(known, _)| *known == name) {
            Some((_, all)) if all.contains(&notice.channel) => {}
            Some((_, all)) => all.push(notice.channel),
            None => people.push((name, vec![notice.channel])),
        }
    }
    let mut groups: Vec<(Vec<Channel>, Vec<String>)> = Vec::new();
    for (name, channels) in people {
        match groups.iter_mut().find(|(known, _)| *known == channels) {
            Some((_, names)) => names.push(name),
            None => groups.push((channels, vec![name])),
        }
    }
    let counted = |(channels, mut names): (Vec<Channel>, Vec<String>)| {
        let others = names.len().saturating_sub(NAMED);
        if others > 0 {
            names.truncate(NAMED);
            names.push(format!("{others} more"));
        }
        (channels, listed(&names, "and"))
    };
    groups.into_iter().map(counted).collect()
}

/// `Jane Hart (on call)`.
fn named(notice: &Notice) -> String {
    match notice.through.as_str() {
        "" => notice.name.clone(),
        why if why.starts_with("on call") => format!("{} (on call)", notice.name),
        why => format!("{} ({why})", notice.name),
    }
}

fn doing(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "e-mailing",
        Channel::Sms => "texting",
        Channel::Call => "calling",
    }
}

#[cfg(test)]
mod tests {
    use domain::ContactId;

    use super::*;

    fn notice(id: i64, name: &str, channel: Channel, through: &str) -> Notice {
        Notice {
            contact_id: Some(ContactId(id)),
            name: name.to_owned(),
            channel,
            address: String::new(),
            through: through.to_owned(),
        }
    }

    #[test]
    fn a_save_says_who_is_told_by_which_channel_and_what_comes_next() {
        let zone = Zone::named("America/New_York").unwrap();
        let chicago = Zone::named("America/Chicago").unwrap();
        let at = |text| Instant::parse(text).unwrap();
        let now = at("2025-01-21T18:29:00Z");
        let clock = SpokenClock { now, zone: &zone, reader: &zone };
        let (next, tomorrow) = (at("2025-01-21T18:59:00Z"), at("2025-01-22T13:00:00Z"));
        let check_on = |channels: &[Channel], out: LetOut, said: &str| {
            assert_eq!(sentence(&Consequence::LetOut(out), &clock, channels), said);
        };
        let check = |out: LetOut, said: &str| check_on(&Channel::ALL, out, said);
        let on_call = notice(1, "Jane Hart", Channel::Sms, "on call in Nights");
        let step = |at, goes_to_agents| Some(NextStep { at, notices: Vec::new(), goes_to_agents });
        check(
            LetOut {
                notices: vec![on_call.clone()],
                next_step: step(next, false),
                ..LetOut::default()
            },
            "Saved. Texting Jane Hart (on call). Next step 1:59 PM.",
        );
        let rings = Notice { channel: Channel::Call, ..on_call.clone() };
        let office = Notice { contact_id: None, ..notice(0, "the office", Channel::Email, "") };
        let others = (2..7).map(|i| notice(i, &format!("P{i}"), Channel::Email, "in Partners"));
        check(
            LetOut {
                notices: [on_call, rings, office].into_iter().chain(others).collect(),
                next_step: step(tomorrow, true),
                ..LetOut::default()
            },
            "Saved. Texting and calling Jane Hart (on call); e-mailing the office, P2 (in \
             Partners), P3 (in Partners), P4 (in Partners) and 2 more. Next step Jan 22, 8:00 AM: \
             the work queue.",
        );
        let both = |channel| Notice { channel, ..notice(1, "Jane Hart", Channel::Sms, "") };
        let others = [both(Channel::Call), notice(2, "Ann", Channel::Email, "")];
        let notices = others.into_iter().chain([both(Channel::Sms)]).collect();
        check_on(
            &[Channel::Email],
            LetOut { notices, next_step: step(next, false), ..LetOut::default() },
            "Saved. E-mailing Ann. Kept in the outbox for Jane Hart: no carrier for calls or texts \
             is set up. Next step 1:59 PM.",
        );
        check(LetOut::default(), "Saved. Nobody is told: it waits in the portal.");
        check(
            LetOut {
                missing: vec!["Nobody is on call in Nights.".to_owned()],
                agents: Some("Nobody could be told.".to_owned()),
                ..LetOut::default()
            },
            "Saved. Nobody is on call in Nights. Nobody could be told. It waits in the work queue.",
        );
        let held = |digest: Option<&str>| Consequence::Held {
            until: tomorrow,
            digest: digest.map(str::to_owned),
        };
        let away = SpokenClock { reader: &chicago, ..clock };
        let cases = [
            (held(None), "Saved. Held until Jan 22, 8:00 AM EST: nobody is told before."),
            (held(Some("Noon")), "Saved. It goes out with the digest “Noon”, Jan 22, 8:00 AM EST."),
            (Consequence::SavedBefore, "It was saved before, and is one message."),
        ];
        for (consequence, said) in cases {
            assert_eq!(sentence(&consequence, &away, &Channel::ALL), said);
        }
    }
}
