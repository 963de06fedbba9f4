//! The demo's heating company: cold houses at night, maintenance by day.

use domain::form::Section;
use domain::{Field, FieldKind};

use super::trade::{Talk, Trade, Want, caller, message, options, section, when};

pub(crate) const HEATING: Trade = Trade {
    number: "2070",
    name: "Northside Heating & Cooling",
    zone: "America/Chicago",
    greeting: "Northside Heating and Cooling, this is {agent}. Is your heat working?",
    facts: "Technicians on call around the clock. No heat below 40 °F outside, a gas smell or a carbon \
            monoxide alarm is an emergency.\nGas smell: everybody leaves the house first, then 911, then us.\n\
            Visits after 8 PM cost $149 extra; members of the comfort plan pay nothing extra.",
    lines: &[("3125550171", "Service"), ("3125550172", "Yellow pages")],
    contacts: &[
        ("Mike Novak", "Dispatch", "dispatch@northside-heating.example", "(312) 555-0111"),
        ("Tanya Brooks", "Service manager", "tanya@northside-heating.example", "(312) 555-0112"),
        ("Sales", "Estimates", "sales@northside-heating.example", "(312) 555-0113"),
        ("Gary Pohl", "Retired in June", "gary@northside-heating.example", "(312) 555-0114"),
    ],
    client: ("Mike Novak", "mike@northside-heating.example"),
    sections,
    sections_of_line: |_| None,
    hours: &[0, 2, 4, 5, 6, 6, 7, 7, 8, 9, 11, 13, 15, 16, 17, 18, 18, 19, 20, 21, 22, 23],
    messages: 101,
    wants: &WANTS,
    talks: &TALKS,
};

fn sections() -> Vec<Section> {
    let systems = ["Gas furnace", "Heat pump", "Boiler", "Water heater", "Not sure"];
    let tick = |label: &str| Field::new(label, FieldKind::Checkbox, false);
    let line = |label: &str| Field::new(label, FieldKind::Text, false);
    let trouble = vec![
        tick("No heat at all"),
        tick("Smell of gas or alarm"),
        Field::new("System", FieldKind::Select(options(&systems)), true),
    ];
    let out = "{CALLER_NAME}, please leave the house now with everybody, and call 911 from \
               outside. Then call us again: we come as well.";
    let cold = "I am sorry. Is anybody in the house very young, old or ill?";
    let member = FieldKind::Radio(options(&["Yes", "No"]));
    let visit = vec![
        Field::new("Service address", FieldKind::Address, true),
        line("Best time to come"),
        Field::new("Comfort plan member", member, false),
    ];
    vec![
        section("The trouble", "", trouble),
        when("smell_of_gas_or_alarm", &["Yes"], section("Danger", out, Vec::new())),
        when(
            "no_heat_at_all",
            &["Yes"],
            section("No heat", cold, vec![line("Who is there"), line("Cold since")]),
        ),
        caller("Thank you. May I have your name, and a number that reaches you?", Vec::new()),
        section("The visit", "Where is the house, {CALLER_NAME}?", visit),
        message("What shall I tell the technician?"),
    ]
}

const PLACE: (&str, &str) = (
    "address",
    "418 Maple Ave|27 W Oak St|1190 Lakeview Dr|66 Birch Ct|803 N Prairie Rd|5 Cedar Ln|2214 Harlem Ave|\
     350 S Elm St",
);
const CITY: (&str, &str) = ("city", "Evanston|Skokie|Niles|Oak Park|Chicago|Park Ridge");
const ZIP: (&str, &str) = ("zip", "60201|60076|60714|60302|60631|60068");
const FURNACE: (&str, &str) = ("system", "Gas furnace");
const BOILER: (&str, &str) = ("system", "Boiler");
const PUMP: (&str, &str) = ("system", "Heat pump");
const WATER: (&str, &str) = ("system", "Water heater");
const UNSURE: (&str, &str) = ("system", "Not sure|Gas furnace");
const COLD: (&str, &str) = ("no_heat_at_all", "Yes");
const SMELL: (&str, &str) = ("smell_of_gas_or_alarm", "Yes");
const PLAN: (&str, &str) = ("comfort_plan_member", "Yes|No");
const WHEN: (&str, &str) = ("best_time_to_come", "{day}, {time}|Any time|After {time}|Mornings");

const WANTS: [Want; 14] = [
    Want {
        says: "The furnace clicks but does not light. It is 58 °F inside and falling. Two small children in \
               the house.",
        answers: &[PLACE, CITY, ZIP, FURNACE, COLD, PLAN],
        is_emergency: true,
        contact: 0,
    },
    Want {
        says: "Smells gas near the furnace. I told them to leave the house and call 911; they are outside \
               now and wait for somebody.",
        answers: &[PLACE, CITY, FURNACE, SMELL],
        is_emergency: true,
        contact: 0,
    },
    Want {
        says: "Would like the yearly maintenance, with the filter.",
        answers: &[PLACE, CITY, ZIP, FURNACE, PLAN, WHEN],
        is_emergency: false,
        contact: 1,
    },
    Want {
        says: "Radiators upstairs are cold, downstairs they are hot. Has bled them twice.",
        answers: &[PLACE, CITY, ZIP, BOILER, WHEN],
        is_emergency: false,
        contact: 1,
    },
    Want {
        says: "Carbon monoxide alarm went off twice this evening. Windows are open, everybody is well.",
        answers: &[PLACE, CITY, UNSURE, SMELL, PLAN],
        is_emergency: true,
        contact: 0,
    },
    Want {
        says: "Wants an estimate for a heat pump in place of a furnace from 1998. About 1,900 square feet.",
        answers: &[PLACE, CITY, ZIP, FURNACE, WHEN],
        is_emergency: false,
        contact: 2,
    },
    Want {
        says: "The technician left a glove and a flashlight. Can pick them up on {day}.",
        answers: &[PLACE, CITY, FURNACE],
        is_emergency: false,
        contact: 3,
    },
    Want {
        says: "Water heater leaks, about a cup an hour. Has put a bucket under it and closed the valve.",
        answers: &[PLACE, CITY, ZIP, WATER, PLAN, WHEN],
        is_emergency: false,
        contact: 0,
    },
    Want {
        says: "Was promised a call about the part that was ordered on {day}. Nobody called. Is not happy.",
        answers: &[PLACE, CITY, BOILER, PLAN],
        is_emergency: false,
        contact: 1,
    },
    Want {
        says: "Heat pump ices over and blows cold. Turned it to emergency heat as the sticker says.",
        answers: &[PLACE, CITY, ZIP, PUMP, COLD, PLAN],
        is_emergency: true,
        contact: 0,
    },
    Want {
        says: "Question about invoice {case}: the comfort plan was not taken off.",
        answers: &[PLACE, CITY, UNSURE],
        is_emergency: false,
        contact: 1,
    },
    Want {
        says: "Property manager. Unit 3B has no heat, the other units do. Super can let you in until {time}.",
        answers: &[PLACE, CITY, ZIP, BOILER, COLD, WHEN],
        is_emergency: false,
        contact: 0,
    },
    Want {
        says: "Has to move the visit on {day}; any time in the week after is fine.",
        answers: &[PLACE, CITY, FURNACE, WHEN],
        is_emergency: false,
        contact: 1,
    },
    Want {
        says: "The new thermostat shows E4 and nothing else since {time}.",
        answers: &[PLACE, CITY, ZIP, PUMP, PLAN, WHEN],
        is_emergency: false,
        contact: 0,
    },
];

const TALKS: [Talk; 4] = [
    Talk {
        caller: ("Laura", "Petersen", true),
        at: (0, 5, 23),
        lines: &[
            "Northside Heating and Cooling, this is Ben. Is your heat working?",
            "No, it went out in the night. It is fifty five degrees in here, and I have a baby.",
            "We will get somebody out to you. What is the address?",
            "Four eighteen Maple Avenue, Evanston.",
            "Is it a gas furnace? Do you smell gas?",
            "Yes, a gas furnace. It clicks, but there is no flame. I smell nothing.",
            "Good. Leave it switched off, please. The technician on call will ring you within fifteen minutes.",
            "Thank you. My name is Laura Petersen.",
        ],
        want: Want {
            says: "No heat since last night, 55 °F inside, with a baby in the house. Furnace clicks, no flame, \
                   no smell of gas. I told her to leave it off.",
            answers: &[
                ("address", "418 Maple Ave"),
                ("city", "Evanston"),
                ("zip", "60201"),
                FURNACE,
                COLD,
                ("comfort_plan_member", "Yes"),
            ],
            is_emergency: true,
            contact: 0,
        },
    },
    Talk {
        caller: ("George", "Adeyemi", false),
        at: (4, 19, 37),
        lines: &[
            "Northside Heating and Cooling, this is Ann. Is your heat working?",
            "It works, but the carbon monoxide alarm went off twice.",
            "Is everybody well? Does anybody have a headache?",
            "We are all fine. The windows are open.",
            "Please switch the furnace off, and stay where the air is fresh. May I have your name and address?",
            "George Adeyemi, sixty six Birch Court, Skokie.",
            "A technician will be with you tonight, Mr. Adeyemi. If it sounds again, leave the house and call nine one one.",
        ],
        want: Want {
            says: "Carbon monoxide alarm went off twice. Everybody is well, windows are open, furnace is off \
                   now. Expects somebody tonight.",
            answers: &[("address", "66 Birch Ct"), ("city", "Skokie"), FURNACE],
            is_emergency: true,
            contact: 0,
        },
    },
    Talk {
        caller: ("Irene", "Kowalski", true),
        at: (11, 10, 15),
        lines: &[
            "Northside Heating and Cooling, this is Ann. Is your heat working?",
            "It does, dear. I would like to have it looked at before the winter.",
            "The yearly maintenance. When may we come?",
            "Mornings are best. Not Thursday, that is bingo.",
            "Mornings, and not Thursday. Are you in our comfort plan?",
            "Since nineteen ninety nine.",
            "Thank you, Mrs. Kowalski. Our service manager will call you with a day.",
        ],
        want: Want {
            says: "Would like the yearly maintenance. Mornings, but not on Thursday.",
            answers: &[
                ("address", "2214 Harlem Ave"),
                ("city", "Oak Park"),
                BOILER,
                ("comfort_plan_member", "Yes"),
                ("best_time_to_come", "Mornings, not Thursday"),
            ],
            is_emergency: false,
            contact: 1,
        },
    },
    Talk {
        caller: ("Tom", "Reyes", false),
        at: (20, 15, 2),
        lines: &[
            "Northside Heating and Cooling, this is Ben. Is your heat working?",
            "That is not why I call. I was promised a part two weeks ago, and nobody called me.",
            "I am sorry about that. Which part was it?",
            "The circulation pump for the boiler at eight oh three North Prairie Road.",
            "I will put this in front of the service manager today. Your name, please?",
            "Tom Reyes. I want to hear from a person, not a machine.",
            "You will, Mr. Reyes.",
        ],
        want: Want {
            says: "Waits for a circulation pump since two weeks and was promised a call. Wants to hear from a \
                   person today. Upset, but polite.",
            answers: &[("address", "803 N Prairie Rd"), ("city", "Niles"), BOILER],
            is_emergency: false,
            contact: 1,
        },
    },
];
