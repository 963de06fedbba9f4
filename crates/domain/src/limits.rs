//! Every limit that the product puts on what people and programs may send, in one place.

/// Largest text of one field of a message, in bytes.
pub const TEXT_BYTES: usize = 20_000;
/// Largest name, address or other one-line field, in bytes.
pub const LINE_BYTES: usize = 500;
/// Largest e-mail address, in bytes (RFC 5321, 4.5.3.1.3, less the brackets).
pub const EMAIL_BYTES: usize = 254;
/// Most fields that one form may have.
pub const FORM_FIELDS: usize = 200;
/// Most sections that one form may have.
pub const FORM_SECTIONS: usize = 50;
/// Most texts to be read aloud that one form may have.
pub const FORM_PROMPTS: usize = 200;
/// Most options that one field of a form may offer.
pub const FIELD_OPTIONS: usize = 200;
/// An account's own words for a text or a call, in bytes.
pub const SMS_WORDING_BYTES: usize = 2_000;
/// Characters of a message that one text carries at most; the rest stands in the portal.
pub const SMS_BODY_CHARS: usize = 1_000;
/// Levels of one escalation policy.
pub const LEVELS: usize = 20;
/// Targets of one level, and members of one group.
pub const TARGETS: usize = 50;
/// Actions of one closing action group.
pub const ACTIONS: usize = 20;
/// The longest wait between two levels, in milliseconds.
pub const LEVEL_DELAY_LONGEST_MS: i64 = 7 * DAY_MS;
/// Times that all levels of a policy may be gone through.
pub const ROUNDS: i64 = 20;
/// The longest that an acknowledgement may hold, in milliseconds, where it does not hold for ever.
pub const ACK_LONGEST_MS: i64 = 30 * DAY_MS;
/// How far ahead a message may be held, in milliseconds.
pub const HELD_LONGEST_MS: i64 = 366 * DAY_MS;
/// How long a link that acknowledges works, in milliseconds.
pub const ACK_LINK_LIFE_MS: i64 = 7 * DAY_MS;
/// Entries that the simulator shows at most.
pub const FORESEEN: usize = 2_000;
/// Ways to reach one contact.
pub const WAYS: usize = 20;
/// Windows that the hours of one thing may have.
pub const WINDOWS: usize = 50;
/// Rows of the largest page of a list.
pub const PAGE_ROWS: usize = 1_000;
/// Rows that a tool of MCP lists where nobody says how many: a model reads each of them.
pub const TOOL_ROWS: usize = 20;
/// Rows of a page that is asked for by its number, where nobody says how many.
pub const NUMBERED_PAGE_ROWS: usize = 100;
/// The last page that may be asked for by its number.
pub const PAGE_NUMBER_MAX: usize = 1_000_000;
/// Rows that a list may be told to leave out.
pub const ROWS_SKIPPED: usize = PAGE_NUMBER_MAX * PAGE_ROWS;
/// Origins whose pages may ask one tenant's API.
pub const ORIGINS: usize = 50;
/// Addresses and networks that one key may be limited to.
pub const KEY_ADDRESSES: usize = 50;
/// Accounts that one list may be narrowed to by their numbers.
pub const ACCOUNTS_NAMED: usize = 100;
/// Rows of a page in the portal.
pub const PORTAL_ROWS: usize = 50;
/// Shortest password, in characters.
pub const PASSWORD_CHARS: usize = 12;
/// Longest password, in bytes: hashing must not be a way to keep a server busy.
pub const PASSWORD_BYTES: usize = 256;
/// Application Keys that one user may hold at once.
pub const KEYS_PER_USER: usize = 50;
/// Wrong tokens from one address in a minute, before it must wait.
pub const TOKEN_GUESSES: u32 = 300;
/// Wrong passwords from one address in a minute, before it must wait.
pub const PASSWORD_GUESSES: u32 = 30;
/// Wrong passwords for one e-mail address in a minute, before everybody must wait.
pub const ACCOUNT_GUESSES: u32 = 60;
/// Largest form of a page, in bytes.
pub const FORM_BYTES: usize = 512 * 1024;
/// How long a session lives without being used, in milliseconds: 12 hours, a long shift.
pub const SESSION_IDLE_MS: i64 = 12 * HOUR_MS;
/// How long a session lives at most, in milliseconds: 7 days.
pub const SESSION_LIFE_MS: i64 = 7 * DAY_MS;
/// Days that the audio of a call is kept.
pub const RECORDING_DAYS: i64 = 31;
/// Largest recording, in bytes: about six hours of 8 kHz, 16 bit audio.
pub const RECORDING_BYTES: u64 = 350_000_000;
/// Largest JSON body of a request, in bytes.
pub const JSON_BYTES: usize = 1_000_000;
/// Largest callback of a carrier, in bytes.
pub const CALLBACK_BYTES: usize = 65_536;
/// How much of a body that is too large is still read, in bytes, so that its sender hears why.
pub const DISCARDED_BYTES: usize = 32_000_000;
/// Rows that a list without a limit reads at a time, while it streams.
pub const STREAMED_ROWS: usize = 500;
/// Entries that one list in a request may have.
pub const LIST_ENTRIES: usize = 1_000;
/// Faults that one answer names at most.
pub const FAULTS_NAMED: usize = 100;
/// How long a signed link to a recording works, in milliseconds.
pub const LINK_LIFE_MS: i64 = 10 * MINUTE_MS;
/// Entries of the work queue that the console shows at most.
pub const WORK_ITEMS: usize = 500;
/// Calls that the console shows at most.
pub const LIVE_ROWS: usize = 500;
/// How long a call may go without a word from its switch before it counts as over, in milliseconds.
pub const LIVE_SILENCE_MS: i64 = 6 * HOUR_MS;
/// How long it is remembered how a call went while it was going on, in milliseconds.
pub const LIVE_KEPT_MS: i64 = 7 * DAY_MS;
/// Streams of events that one user may have open at once on one node.
pub const STREAMS_PER_USER: usize = 8;
/// Longest reason of an agent's break, in bytes.
pub const BREAK_BYTES: usize = 80;
/// Longest `Idempotency-Key`, in bytes.
pub const IDEMPOTENCY_KEY_BYTES: usize = 255;
/// How long the first answer to an `Idempotency-Key` is given again, in milliseconds.
pub const IDEMPOTENCY_LIFE_MS: i64 = DAY_MS;
/// How long a worker holds a job before another may take it, in milliseconds.
pub const LEASE_MS: i64 = 30 * SECOND_MS;
/// How long one attempt to send may take, in milliseconds; well within a lease.
pub const SEND_DEADLINE_MS: i64 = 20 * SECOND_MS;
/// How long one call may take, from dialling to hanging up, in milliseconds.
pub const CALL_DEADLINE_MS: i64 = 3 * MINUTE_MS;
/// How often a worker renews the leases of what it still sends, in milliseconds.
pub const RENEW_MS: i64 = 10 * SECOND_MS;
/// Attempts that one e-mail gets before it counts as failed.
pub const EMAIL_ATTEMPTS: i64 = 10;
/// Attempts that one text message gets before it counts as failed.
pub const SMS_ATTEMPTS: i64 = 8;
/// Attempts that one call gets before it counts as failed.
pub const CALL_ATTEMPTS: i64 = 5;
/// How long a message is tried at most, over whatever channel, in milliseconds: somebody waits for
/// it, and late is better than never.
pub const MESSAGE_LIFE_MS: i64 = 30 * DAY_MS;
/// How long one e-mail is tried at most, in milliseconds.
pub const EMAIL_LIFE_MS: i64 = DAY_MS;
/// How long one text message is tried at most, in milliseconds.
pub const SMS_LIFE_MS: i64 = 4 * HOUR_MS;
/// How long one call is tried at most, in milliseconds.
pub const CALL_LIFE_MS: i64 = 2 * HOUR_MS;
/// Wait after a call that nobody answered, in milliseconds.
pub const ABSENT_WAIT_MS: i64 = 2 * MINUTE_MS;
/// Wait after the first failed attempt, in milliseconds; it doubles with each further one.
pub const BACKOFF_FIRST_MS: i64 = 15 * SECOND_MS;
/// Longest wait between two attempts, in milliseconds.
pub const BACKOFF_LONGEST_MS: i64 = HOUR_MS;
/// Longest wait between two attempts to reach a phone, in milliseconds.
pub const PHONE_BACKOFF_LONGEST_MS: i64 = 15 * MINUTE_MS;
/// Largest text of a To Do, in bytes.
pub const TO_DO_TEXT_BYTES: usize = 10_000;
/// Times of day that one schedule may have.
pub const SCHEDULE_TIMES: usize = 100;
/// Occurrences that a preview shows at most.
pub const PREVIEW_ROWS: usize = 100;
/// Occurrences of one To Do that one transaction brings up to date.
pub const CAUGHT_UP: usize = 500;
/// Due To Dos that one transaction fires.
pub const FIRED_AT_ONCE: usize = 500;
/// Runs that one transaction writes, before it leaves further To Dos to the next one.
pub const RUNS_AT_ONCE: usize = 2_000;
/// Deliveries that one transaction starts or records.
pub const SENT_AT_ONCE: usize = 500;
/// How late an occurrence may run where its To Do does not say, in milliseconds.
pub const GRACE_MS: i64 = HOUR_MS;
/// The longest grace that a To Do may ask for, in milliseconds.
pub const GRACE_LONGEST_MS: i64 = 7 * DAY_MS;
/// Lateness that counts as being in time, in milliseconds: a worker polls, and a node may restart.
pub const PUNCTUAL_MS: i64 = MINUTE_MS;
/// Sends of one account over one channel in a minute, where the account has no limit of its own.
pub const CHANNEL_PER_MINUTE: i64 = 600;
/// Sends of one account over one channel in a day, where the account has no limit of its own.
pub const CHANNEL_PER_DAY: i64 = 20_000;
/// Sends to one address over one channel in a minute.
pub const ADDRESS_PER_MINUTE: i64 = 10;
/// Texts that one stranger gets answered in a day: enough for STOP, START and HELP, too few for a
/// loop between two machines.
pub const REPLIES_PER_DAY: i64 = 5;
/// Answers that somebody who was told of messages gets in a day.
pub const ANSWERS_PER_DAY: i64 = 200;
/// How long a carrier's ids are kept for its reports, in milliseconds.
pub const REFERENCE_LIFE_MS: i64 = 7 * DAY_MS;
/// Webhooks that one account may have.
pub const WEBHOOKS_PER_ACCOUNT: usize = 20;
/// Longest URL of a webhook, in bytes.
pub const HOOK_URL_BYTES: usize = 2_000;
/// How long one post to a webhook may take, redirects and all, in milliseconds.
pub const HOOK_DEADLINE_MS: i64 = 10 * SECOND_MS;
/// Waits between the attempts of a post, in milliseconds: ten attempts over three days.
pub const HOOK_WAITS_MS: [i64; 9] = [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
];
/// The longest wait that a webhook can ask for (`Retry-After`), in milliseconds.
pub const HOOK_RETRY_AFTER_MS: i64 = DAY_MS;
/// How long a webhook may fail before it is disabled, in milliseconds.
pub const HOOK_FAILING_MS: i64 = 5 * DAY_MS;
/// How long the secret before the last change still signs, in milliseconds.
pub const HOOK_OLD_SECRET_MS: i64 = DAY_MS;
/// How long an event waits at most for an earlier one of the same message, in milliseconds.
pub const HOOK_ORDER_MS: i64 = HOUR_MS;
/// How long events, posts and answers are kept, in milliseconds.
pub const HOOK_LOG_MS: i64 = 30 * DAY_MS;
/// How much of an answer is read, in bytes.
pub const HOOK_ANSWER_BYTES: usize = 64 * 1024;
/// How much of an answer is kept, in bytes.
pub const HOOK_KEPT_BYTES: usize = 1_024;
/// Redirects of one post that are followed.
pub const HOOK_REDIRECTS: usize = 3;
/// Posts to one webhook under way at once.
pub const HOOK_POSTS_AT_ONCE: usize = 4;
/// Posts to one host under way at once.
pub const HOST_POSTS_AT_ONCE: usize = 16;
/// Failed events that are begun anew at once.
pub const HOOK_REPLAYS: usize = 10_000;

/// Members that one on-call rotation may have.
pub const MEMBERS: usize = 50;
/// Days that one turn of a rotation may have.
pub const TURN_DAYS: u16 = 365;
/// Hours that one turn of a rotation may have.
pub const TURN_HOURS: u16 = 24 * 31;
/// Rotations that one account may have.
pub const ROTATIONS: usize = 50;
/// Overrides that lie ahead of one rotation at most.
pub const OVERRIDES: usize = 200;
/// How far ahead an override may end, in milliseconds: two years.
pub const OVERRIDE_AHEAD_MS: i64 = 731 * DAY_MS;
/// Holidays of one account at most, past ones included.
pub const HOLIDAYS: usize = 500;
/// Stretches without a change that are joined to one shift, at most, to either side.
pub const SPANS_JOINED: usize = 400;
/// Shifts that are told at once.
pub const SHIFTS: usize = 3_000;
/// Days of shifts that may be asked for at once.
pub const SHIFT_DAYS: i64 = 92;
/// Days ahead that the coverage of a rotation is checked.
pub const COVERAGE_DAYS: i64 = 14;
/// Rotations whose coverage one transaction checks.
pub const CHECKED_AT_ONCE: usize = 100;
/// Weeks that a calendar feed tells ahead.
pub const FEED_WEEKS: i64 = 8;

/// A second, in milliseconds.
pub const SECOND_MS: i64 = 1_000;
/// A minute, in milliseconds.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// An hour, in milliseconds.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Twenty-four hours, in milliseconds.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// How long a browser may remember which calls of a page the API takes, in milliseconds.
pub const PREFLIGHT_MS: u64 = 7_200_000;
