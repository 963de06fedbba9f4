//! The demo's law firm: people in trouble, and people who wait for a call back.

use domain::form::Section;
use domain::{Field, FieldKind};

use super::trade::{Talk, Trade, Want, caller, message, options, section, when};

pub(crate) const LAW: Trade = Trade {
    number: "4110",
    name: "Hart & Lowe, Attorneys",
    zone: "America/New_York",
    greeting: "Thank you for calling Hart and Lowe, Attorneys. This is {agent}. How may I help you?",
    facts: "Office hours 8:30 to 5:30, Monday to Friday. Never give legal advice, never quote a fee.\n\
            Arrests and court dates within 24 hours are emergencies: call Jane, day or night.\n\
            Existing clients may ask for their paralegal by name. Spanish callers: Marisol.",
    lines: &[("5615550141", "Main line"), ("5615550142", "Billboard, I-95")],
    contacts: &[
        ("Jane Hart", "Managing partner", "jane@hartlowe.example", "(561) 555-0101"),
        ("Robert Lowe", "Partner, family law", "robert@hartlowe.example", "(561) 555-0102"),
        ("Marisol Vega", "Intake, Spanish", "marisol@hartlowe.example", "(561) 555-0103"),
        ("Front desk", "Reception", "frontdesk@hartlowe.example", "(561) 555-0100"),
    ],
    client: ("Jane Hart", "jane@hartlowe.example"),
    sections,
    sections_of_line: |line| (line == 1).then(billboard),
    hours: &[7, 8, 8, 9, 10, 11, 12, 12, 12, 13, 15, 16, 17, 17, 18, 18, 19, 19, 20, 21, 22, 2],
    messages: 106,
    wants: &WANTS,
    talks: &TALKS,
};

fn choice(label: &str, choices: &[&str], is_required: bool) -> Field {
    Field::new(label, FieldKind::Select(options(choices)), is_required)
}

fn yes_no(label: &str) -> Field {
    Field::new(label, FieldKind::Radio(options(&["Yes", "No"])), false)
}

fn heard() -> Field {
    let known = ["Billboard on I-95", "A friend", "Internet search", "Radio", "Bar association"];
    Field::new("How did you hear about us?", FieldKind::Referer(options(&known)), false)
}

fn sections() -> Vec<Section> {
    let cases = ["Personal injury", "Family", "Criminal defense", "Real estate", "Other"];
    let email = Field::named("email", "E-mail", FieldKind::Email, false);
    let line = |label: &str| Field::new(label, FieldKind::Text, false);
    let asked = "May I have your first and last name, and a number where you can be reached?";
    let matter =
        vec![choice("Type of case", &cases, true), yes_no("Existing client"), line("Case number")];
    let custody = vec![line("Held at"), line("First appearance")];
    let meeting = vec![choice("Meeting preference", &["Virtual", "In person"], false), heard()];
    let sorry = "I am sorry to hear that, {CALLER_NAME}. Is anybody in custody right now?";
    let calm = "Please stay near your telephone. An attorney calls you back, day or night.";
    let welcome = "Would you rather meet in person, or by video?";
    let custody = section("In custody", calm, custody);
    vec![
        caller(asked, vec![email]),
        section("The matter", "Thank you, {CALLER_NAME}. What is your call about?", matter),
        when(
            "type_of_case",
            &["Criminal defense"],
            section("Arrest", sorry, vec![yes_no("Anybody in custody")]),
        ),
        when("anybody_in_custody", &["Yes"], custody),
        when("existing_client", &["No"], section("New client", welcome, meeting)),
        message("{CALLER_NAME}, what may I tell the attorney?"),
    ]
}

/// Whoever read the billboard was hurt on the road.
fn billboard() -> Vec<Section> {
    let day = Field::new("Day of the accident", FieldKind::Date, false);
    let hurt = yes_no("Is anybody hurt");
    let asked = "{GREETING}, this is {AGENT_NAME} for {COMPANY_NAME}. Are you safe right now?";
    let accident = vec![day, hurt, Field::new("Insurance", FieldKind::Text, false)];
    let care = "Please see a doctor today, even if it feels small.";
    let hurt = Field::new("Injuries", FieldKind::Details, true);
    vec![
        caller(asked, Vec::new()),
        section("The accident", "When did it happen, {CALLER_NAME}?", accident),
        when("is_anybody_hurt", &["Yes"], section("Injuries", care, vec![hurt])),
        message("What else should the attorney know?"),
    ]
}

const INJURY: (&str, &str) = ("type_of_case", "Personal injury");
const FAMILY: (&str, &str) = ("type_of_case", "Family");
const CRIMINAL: (&str, &str) = ("type_of_case", "Criminal defense");
const HELD: (&str, &str) = ("anybody_in_custody", "Yes");
const HOUSE: (&str, &str) = ("type_of_case", "Real estate");
const OTHER: (&str, &str) = ("type_of_case", "Other");
const NEW: (&str, &str) = ("existing_client", "No");
const CLIENT: (&str, &str) = ("existing_client", "Yes");
const CASE: (&str, &str) = ("case_number", "{case}");
const PLACE: (&str, &str) = ("meeting_preference", "Virtual|In person|In person");
const HEARD: (&str, &str) =
    ("how_you_hear_about_us", "Billboard on I-95|A friend|Internet search|Radio|Bar association");

const WANTS: [Want; 15] = [
    Want {
        says: "Was rear-ended on {day} and has neck pain since. The other driver's insurance keeps calling. \
               Would like to know whether to talk to them. Please call after {time}.",
        answers: &[INJURY, NEW, PLACE, HEARD],
        is_emergency: false,
        contact: 0,
    },
    Want {
        says: "Her son was arrested last night and is at the county jail. First appearance is tomorrow \
               morning. Please call right away, at any hour.",
        answers: &[CRIMINAL, HELD, ("held_at", "County jail"), NEW, HEARD],
        is_emergency: true,
        contact: 0,
    },
    Want {
        says: "Returning Mr. Lowe's call about the parenting plan. Is free on {day} after {time}.",
        answers: &[FAMILY, CLIENT, CASE],
        is_emergency: false,
        contact: 1,
    },
    Want {
        says: "Would like to move the appointment on {day} to later in the day, {time} or after.",
        answers: &[FAMILY, CLIENT, PLACE],
        is_emergency: false,
        contact: 3,
    },
    Want {
        says: "Slipped on a wet floor in a supermarket on {day} and broke a wrist. Has photos and the name \
               of a witness. Wants a first consultation.",
        answers: &[INJURY, NEW, PLACE, HEARD],
        is_emergency: false,
        contact: 0,
    },
    Want {
        says: "Closing on a house on {day} and the title company found a lien. Needs somebody to look at \
               the papers before then.",
        answers: &[HOUSE, NEW, PLACE],
        is_emergency: false,
        contact: 1,
    },
    Want {
        says: "Received the settlement papers and has two questions before signing. Nothing urgent.",
        answers: &[INJURY, CLIENT, CASE],
        is_emergency: false,
        contact: 0,
    },
    Want {
        says: "Habla español. Tuvo un accidente de trabajo y quiere saber si puede reclamar. Llamar después \
               de las {time}.",
        answers: &[INJURY, NEW, HEARD],
        is_emergency: false,
        contact: 2,
    },
    Want {
        says: "Was served with divorce papers today. Wants an appointment this week, evenings if possible.",
        answers: &[FAMILY, NEW, PLACE, HEARD],
        is_emergency: false,
        contact: 1,
    },
    Want {
        says: "Clerk of court: the hearing in {case} was moved up to tomorrow, {time}. Please confirm that \
               you have this.",
        answers: &[OTHER, CASE],
        is_emergency: true,
        contact: 0,
    },
    Want {
        says: "Wants to know whether the office received the medical records that were faxed on {day}.",
        answers: &[INJURY, CLIENT, CASE],
        is_emergency: false,
        contact: 3,
    },
    Want {
        says: "Landlord changed the locks while the family was at work. Everything they own is inside.",
        answers: &[HOUSE, NEW, HEARD],
        is_emergency: true,
        contact: 1,
    },
    Want {
        says: "Opposing counsel, about discovery in {case}. Proposes a call on {day} at {time}.",
        answers: &[OTHER, CASE],
        is_emergency: false,
        contact: 0,
    },
    Want {
        says: "Got a ticket for driving on a suspended license and has court on {day}. What does it cost to \
               have somebody there?",
        answers: &[CRIMINAL, NEW, HEARD],
        is_emergency: false,
        contact: 3,
    },
    Want {
        says: "Would like to update a will after a grandchild was born. No hurry.",
        answers: &[FAMILY, CLIENT, PLACE],
        is_emergency: false,
        contact: 1,
    },
];

const TALKS: [Talk; 4] = [
    Talk {
        caller: ("David", "Kim", false),
        at: (1, 18, 12),
        lines: &[
            "Thank you for calling Hart and Lowe, Attorneys. This is Ann. How may I help you?",
            "Hello. I was in a car accident on Tuesday, and the other insurance will not stop calling me.",
            "I am sorry to hear that. May I have your first and last name?",
            "David Kim. K, I, M.",
            "Thank you, Mr. Kim. Have you been a client of ours before?",
            "No, I saw the billboard on the highway.",
            "I will have Jane Hart call you back. Would you rather meet in person, or by video?",
            "In person, please. Any time after four is good.",
            "I have that. Somebody will call you. I hope you feel better soon.",
        ],
        want: Want {
            says: "Car accident on Tuesday. The other driver's insurance keeps calling, and he does not know \
                   what to say to them. Would like to meet in person; free any day after 4 PM.",
            answers: &[
                INJURY,
                NEW,
                ("meeting_preference", "In person"),
                ("how_you_hear_about_us", "Billboard on I-95"),
            ],
            is_emergency: false,
            contact: 0,
        },
    },
    Talk {
        caller: ("Denise", "Walker", true),
        at: (3, 2, 41),
        lines: &[
            "Hart and Lowe, Attorneys, after hours. This is Ben.",
            "Please, I need a lawyer. They arrested my son tonight.",
            "I understand. Where is he being held?",
            "At the county jail. They told me he sees a judge at nine in the morning.",
            "This is an emergency, and I will reach Ms. Hart right now. What is your name, please?",
            "Denise Walker. My son is Marcus Walker.",
            "Please stay near your telephone, Ms. Walker.",
            "I will. Thank you so much.",
        ],
        want: Want {
            says: "Her son Marcus Walker was arrested tonight and is at the county jail. First appearance at \
                   9 AM. She stays near her phone.",
            answers: &[
                CRIMINAL,
                HELD,
                ("held_at", "County jail"),
                ("first_appearance", "9 AM tomorrow"),
                NEW,
            ],
            is_emergency: true,
            contact: 0,
        },
    },
    Talk {
        caller: ("Helen", "Brandt", true),
        at: (9, 12, 5),
        lines: &[
            "Thank you for calling Hart and Lowe, Attorneys. This is Ann. How may I help you?",
            "Hi, this is Helen Brandt. Mr. Lowe called me about the parenting plan.",
            "He is with a client. May I take a message?",
            "Tell him I have read it, and I agree with everything except the summer weeks.",
            "Except the summer weeks. And when can he reach you?",
            "Tomorrow, between ten and noon.",
            "I will pass that on. Good bye.",
        ],
        want: Want {
            says: "Returning Mr. Lowe's call. Has read the parenting plan and agrees, except for the summer \
                   weeks. Can be reached tomorrow between 10 and 12.",
            answers: &[FAMILY, CLIENT, ("case_number", "24-DR-1187")],
            is_emergency: false,
            contact: 1,
        },
    },
    Talk {
        caller: ("Frank", "Osborne", false),
        at: (17, 16, 50),
        lines: &[
            "Thank you for calling Hart and Lowe, Attorneys. This is Ben. How may I help you?",
            "Clerk's office. The hearing in case one one eight seven was moved.",
            "Moved to when, please?",
            "Tomorrow morning, eight thirty, court room four B.",
            "Tomorrow, eight thirty, four B. I will see that the attorneys have this tonight.",
            "Thank you. Frank Osborne was my name.",
        ],
        want: Want {
            says: "Clerk's office: the hearing in 24-DR-1187 was moved to tomorrow, 8:30 AM, court room 4B.",
            answers: &[OTHER, ("case_number", "24-DR-1187")],
            is_emergency: true,
            contact: 1,
        },
    },
];
