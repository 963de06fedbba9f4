//! The demo's dental practice: toothaches in the evening, appointments all day.

use domain::form::Section;
use domain::{Field, FieldKind};

use super::trade::{Talk, Trade, Want, caller, message, options};

pub(crate) const DENTAL: Trade = Trade {
    number: "3350",
    name: "Bright Smile Dental",
    zone: "America/Los_Angeles",
    greeting: "Bright Smile Dental, this is {agent}. Are you a patient of ours?",
    facts: "Open 8 to 5, Saturday 9 to 1. Dr. Patel is on call until 10 PM.\n\
            A tooth knocked out: keep it in milk, do not rub it, call Dr. Patel at once.\n\
            Never say what a treatment costs. Cancellations go to the front desk.",
    lines: &[("2135550181", "Practice")],
    contacts: &[
        ("Dr. Anita Patel", "Dentist", "dr.patel@brightsmile.example", "(213) 555-0121"),
        ("Dr. Samuel Ross", "Dentist", "dr.ross@brightsmile.example", "(213) 555-0122"),
        ("Front desk", "Appointments", "desk@brightsmile.example", "(213) 555-0120"),
        ("Night nurse", "On the ward, no phone of her own", "", ""),
        ("Billing", "Invoices", "billing@brightsmile.example", "(213) 555-0124"),
    ],
    client: ("Rosa Delgado", "rosa@brightsmile.example"),
    sections,
    sections_of_line: |_| None,
    hours: &[6, 7, 7, 8, 9, 10, 11, 12, 12, 13, 14, 16, 17, 17, 18, 18, 19, 20, 21],
    messages: 81,
    wants: &WANTS,
    talks: &TALKS,
};

fn sections() -> Vec<Section> {
    let reasons =
        ["Toothache", "Broken tooth", "Cleaning", "Change of appointment", "Billing", "Other"];
    let fields = vec![
        Field::new("Patient", FieldKind::Radio(options(&["New", "Existing"])), true),
        Field::new("Date of birth", FieldKind::Text, false),
        Field::new("Reason", FieldKind::Select(options(&reasons)), true),
        Field::new("Insurance", FieldKind::Text, false),
        Field::new("Preferred dentist", FieldKind::Text, false),
    ];
    // One section without a title: the plain form that most accounts have.
    let mut whole = caller("", fields);
    whole.title.clear();
    whole.items.extend(message("").items);
    vec![whole]
}

const NEW: (&str, &str) = ("patient", "New");
const KNOWN: (&str, &str) = ("patient", "Existing");
const BORN: (&str, &str) =
    ("date_of_birth", "03/14/1986|11/02/1971|07/29/1994|01/08/2015|09/21/1959|05/05/1980");
const INSURANCE: (&str, &str) =
    ("insurance", "Pacific Dental PPO|Golden State Plan|None|Evergreen Mutual");
const DENTIST: (&str, &str) = ("preferred_dentist", "Dr. Patel|Dr. Ross|No preference");
const ACHE: (&str, &str) = ("reason", "Toothache");
const BROKEN: (&str, &str) = ("reason", "Broken tooth");
const CLEANING: (&str, &str) = ("reason", "Cleaning");
const CHANGE: (&str, &str) = ("reason", "Change of appointment");
const BILLING: (&str, &str) = ("reason", "Billing");
const OTHER: (&str, &str) = ("reason", "Other");

const WANTS: [Want; 13] = [
    Want {
        says: "Strong toothache since {day}, lower left, cannot sleep. Ibuprofen helps for two hours.",
        answers: &[KNOWN, BORN, ACHE, DENTIST],
        is_emergency: false,
        contact: 0,
    },
    Want {
        says: "Fell from a bicycle; a front tooth is out. It is in milk. They can be there in twenty minutes.",
        answers: &[KNOWN, BORN, BROKEN],
        is_emergency: true,
        contact: 0,
    },
    Want {
        says: "Has to cancel the cleaning on {day} at {time}. Would like another one in two weeks.",
        answers: &[KNOWN, CHANGE],
        is_emergency: false,
        contact: 2,
    },
    Want {
        says: "New in town, looks for a dentist for the whole family, two adults and two children.",
        answers: &[NEW, CLEANING, INSURANCE, DENTIST],
        is_emergency: false,
        contact: 2,
    },
    Want {
        says: "Cheek is swollen since this morning and it hurts to swallow. Fever, 101 °F.",
        answers: &[KNOWN, BORN, ACHE],
        is_emergency: true,
        contact: 0,
    },
    Want {
        says: "Asks why the statement of {day} shows {case} when the insurance has paid.",
        answers: &[KNOWN, BILLING, INSURANCE],
        is_emergency: false,
        contact: 4,
    },
    Want {
        says: "Lost a crown while eating, has it in a bag. No pain. When can it be put back?",
        answers: &[KNOWN, BORN, BROKEN, DENTIST],
        is_emergency: false,
        contact: 1,
    },
    Want {
        says: "Running fifteen minutes late for {time}.",
        answers: &[KNOWN, CHANGE],
        is_emergency: false,
        contact: 2,
    },
    Want {
        says: "Bleeding after the extraction on {day} has not stopped after an hour of pressure.",
        answers: &[KNOWN, BORN, OTHER],
        is_emergency: true,
        contact: 1,
    },
    Want {
        says: "Pharmacy: the dose on the prescription of {day} cannot be read. Please call back before {time}.",
        answers: &[KNOWN, OTHER],
        is_emergency: false,
        contact: 1,
    },
    Want {
        says: "Would like to come for whitening before a wedding on {day}.",
        answers: &[NEW, OTHER, DENTIST],
        is_emergency: false,
        contact: 2,
    },
    Want {
        says: "Daughter's bracket came loose and scratches. Used wax, it holds for now.",
        answers: &[KNOWN, BORN, OTHER, DENTIST],
        is_emergency: false,
        contact: 1,
    },
    Want {
        says: "Half-yearly check-up for two; any day after {time}.",
        answers: &[KNOWN, CLEANING, DENTIST],
        is_emergency: false,
        contact: 2,
    },
];

const TALKS: [Talk; 4] = [
    Talk {
        caller: ("Priya", "Nair", true),
        at: (2, 19, 44),
        lines: &[
            "Bright Smile Dental, this is Ann. Are you a patient of ours?",
            "My son is. He fell off his bicycle, and his front tooth came out.",
            "Do you have the tooth?",
            "Yes, I picked it up.",
            "Please put it in milk, and do not rub it. I am reaching Doctor Patel now. How far away are you?",
            "Twenty minutes. His name is Arjun Nair.",
            "Please start driving. The doctor will call you on the way.",
        ],
        want: Want {
            says: "Her son Arjun fell from his bicycle; a front tooth is out and in milk now. On the way, \
                   twenty minutes. I told her that you call.",
            answers: &[KNOWN, ("date_of_birth", "01/08/2015"), BROKEN],
            is_emergency: true,
            contact: 0,
        },
    },
    Talk {
        caller: ("Walter", "Jensen", false),
        at: (6, 7, 31),
        lines: &[
            "Bright Smile Dental, this is Ben. Are you a patient of ours?",
            "For twenty years. I have to cancel on Friday, my car is in the shop.",
            "That was the cleaning at ten o'clock. Shall we find another day?",
            "In two weeks, if you can. Mornings.",
            "The front desk will call you, Mr. Jensen.",
        ],
        want: Want {
            says: "Has to cancel the cleaning on Friday at 10, the car is in the shop. Another one in two \
                   weeks, in the morning.",
            answers: &[KNOWN, CHANGE],
            is_emergency: false,
            contact: 2,
        },
    },
    Talk {
        caller: ("Chloe", "Bennett", true),
        at: (13, 12, 20),
        lines: &[
            "Bright Smile Dental, this is Ann. Are you a patient of ours?",
            "Not yet. We have just moved here, and we need a dentist for the four of us.",
            "Welcome to the neighborhood. Do you have dental insurance?",
            "Golden State Plan, I think it is called.",
            "And is anybody in pain at the moment?",
            "No, only the usual cleaning.",
            "The front desk will call you this afternoon. May I have your number?",
            "It is the one I am calling from.",
        ],
        want: Want {
            says: "New in town, a family of four. Nobody is in pain. Cleaning for all of them; call the number \
                   that she called from.",
            answers: &[NEW, CLEANING, ("insurance", "Golden State Plan")],
            is_emergency: false,
            contact: 2,
        },
    },
    Talk {
        caller: ("Omar", "Haddad", false),
        at: (22, 17, 8),
        lines: &[
            "Bright Smile Dental, this is Ben. Are you a patient of ours?",
            "Yes. Doctor Ross took out a tooth today, and it is still bleeding.",
            "For how long have you pressed on it?",
            "An hour now. It does not stop.",
            "Keep pressing, please, and sit upright. I will have Doctor Ross call you at once. Your name?",
            "Omar Haddad.",
        ],
        want: Want {
            says: "Extraction today by Dr. Ross. Has pressed for an hour and it still bleeds. Told him to keep \
                   pressing and to sit upright.",
            answers: &[KNOWN, OTHER, ("preferred_dentist", "Dr. Ross")],
            is_emergency: true,
            contact: 1,
        },
    },
];
