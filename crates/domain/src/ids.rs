//! The identifiers of every noun: distinct types, so that one never stands for another.

use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// An answering service; the boundary of every query.
    TenantId,
    /// A person who signs in. Agents are users, so `agent_id` in the API is one of these.
    UserId,
    /// A client of the answering service.
    AccountId,
    /// A line that callers dial.
    DidId,
    /// A person in an account's directory.
    ContactId,
    /// A version of an account's form.
    FormId,
    /// A message that an agent took.
    MessageId,
    /// A row of a message's activity log.
    ActivityId,
    /// One thing to be sent to one address over one channel.
    DeliveryId,
    /// A scheduled, possibly recurring, thing to be sent.
    ToDoId,
    /// The recurrence of a To Do.
    ScheduleId,
    /// One occurrence of a To Do, and how it went.
    RunId,
    /// A due piece of work.
    JobId,
    /// An Application Key.
    KeyId,
    /// A PBX that reports calls.
    SwitchId,
    /// A call that came in through a switch.
    CallId,
    /// The audio of a call.
    RecordingId,
    /// A way to reach a contact: a channel and an address.
    WayId,
    /// Several contacts who are told together.
    ContactGroupId,
    /// An on-call rotation.
    RotationId,
    /// A change of an on-call rotation for some hours.
    OverrideId,
    /// A day on which an account's rotations go by other rules.
    HolidayId,
    /// An escalation policy.
    PolicyId,
    /// A level of an escalation policy.
    LevelId,
    /// What an account wants done when an agent finishes a message.
    ClosingGroupId,
    /// Several messages that are sent as one.
    DigestId,
    /// Something that an agent has to do: an entry of the work queue.
    WorkItemId,
    /// An address that an account's events are posted to.
    WebhookId,
    /// Something that happened, as webhooks tell it.
    HookEventId,
    /// An event on its way to a webhook.
    HookDeliveryId,
}
