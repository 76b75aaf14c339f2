//! Laws of the vocabulary: exact numbers, ids, the two tables.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use valueflows::action::ROWS;
use valueflows::limits::NUMBER_BOUND;
use valueflows::property::PROPERTIES;
use valueflows::{Action, Card, Class, Decimal, Fields, Id, Part, Prop, Property, Quantity, QuantityError};

proptest! {
    #[test]
    fn a_decimal_reads_back_as_written(amount in -(NUMBER_BOUND - 1)..NUMBER_BOUND, decimals in 0u8..=9) {
        let written = Quantity { amount, unit: Id::default() }.decimal(decimals).to_string();
        let read: Decimal = written.parse().unwrap();
        prop_assert_eq!(read.in_scale(decimals).unwrap(), amount);
    }

    #[test]
    fn sums_are_exact_or_refused(a in -(NUMBER_BOUND - 1)..NUMBER_BOUND, b in -(NUMBER_BOUND - 1)..NUMBER_BOUND) {
        let q = |amount| Quantity { amount, unit: Id::default() };
        match q(a).plus(q(b)) {
            Ok(sum) => prop_assert_eq!(i128::from(sum.amount), i128::from(a) + i128::from(b)),
            Err(error) => prop_assert!((a + b).abs() >= NUMBER_BOUND, "{}", error),
        }
    }

    #[test]
    fn an_id_reads_back_as_written(bytes: [u8; 16]) {
        prop_assert_eq!(Id(bytes).to_string().parse::<Id>().unwrap(), Id(bytes));
    }

    #[test]
    fn any_text_is_read_or_refused_without_dying(text in ".{0,64}") {
        let _ = text.parse::<Decimal>();
        let _ = text.parse::<Id>();
        let _ = Action::parse(&text);
    }
}

#[test]
fn decimals_that_do_not_fit_are_refused() {
    let digits =
        |text: &str, decimals| text.parse::<Decimal>().and_then(|decimal| decimal.in_scale(decimals));
    assert_eq!(digits("1.50", 1), Ok(15), "a nought too many is no digit too many");
    assert!(matches!(digits("1.55", 1), Err(QuantityError::TooManyDigits { decimals: 1, .. })));
    assert!(matches!(digits("9007199254740992", 0), Err(QuantityError::TooLarge(_))));
    assert_eq!(digits("9007199254740991", 0), Ok(9_007_199_254_740_991));
    for text in
        ["", ".", "1.", ".5", "1e5", "+1", "1 ", "0x1", "--1", "NaN", "1.2.3", "9999999999999999999999"]
    {
        assert!(digits(text, 2).is_err(), "`{text}`");
    }
}

/// The whole action table as text: a change of any cell shows here.
#[test]
fn the_action_table_is_the_ontology_s() {
    let line = |row: &valueflows::action::Row| {
        let pair = row.pairs_with.as_ref().map_or("-", Action::as_str);
        let cells = [
            row.input_output.as_str(),
            pair,
            row.create_resource.as_str(),
            row.event_quantity.as_str(),
            row.accounting.as_str(),
            row.onhand.as_str(),
            row.location.as_str(),
            row.contained.as_str(),
            row.accountable.as_str(),
            row.stage.as_str(),
            row.state.as_str(),
        ];
        format!("{} {}", row.action, cells.join(" ").replace("notApplicable", "-"))
    };
    let table: Vec<String> = ROWS.iter().map(line).collect();
    let expected = include_str!("actions.txt");
    assert_eq!(table.join("\n"), expected.trim_end());
    assert!(
        ROWS.iter()
            .all(|row| row.action.row() == Some(row) && Action::parse(row.action.as_str()) == Ok(row.action))
    );
}

#[test]
fn the_property_table_is_sound() {
    assert!(PROPERTIES.is_sorted_by_key(|row| row.class), "a class's rows stand together");
    for class in Class::ALL {
        let rows = class.properties();
        assert!(!rows.is_empty(), "{class:?}");
        for row in rows {
            assert_eq!(Property::of(*class, row.prop).map(|found| found.iri()), Some(row.iri()));
            // An IRI is kept by its digest, in the tables alone, which are written again without it.
            assert!(
                !(row.personal && row.linked) || row.prop == Prop::SameAs,
                "an inverse of a personal property would survive its erasure"
            );
        }
        assert_eq!(Class::from_code(class.code()), Some(*class));
        assert_eq!(Class::named(class.as_str()), Some(*class));
    }
    assert_eq!(
        Prop::ALL.len(),
        Prop::ALL.iter().map(|prop| prop.as_str()).collect::<std::collections::BTreeSet<_>>().len()
    );
}

#[test]
fn the_two_parts_of_a_record_add_up_to_it() {
    let json = serde_json::json!({"name": "Ines", "note": "likes saws", "primaryLocation": Id([1; 16])});
    let fields = Fields::from_json(Class::Person, json.as_object().unwrap()).unwrap();
    assert_eq!(fields.to_json(Class::Person, Part::Books), serde_json::json!({}), "all of it is personal");
    assert_eq!(fields.to_json(Class::Person, Part::Personal), json);
    assert!(
        Fields::from_json(Class::Person, serde_json::json!({"label": "x"}).as_object().unwrap()).is_err()
    );
    let required = Class::Unit.properties().iter().filter(|row| row.card == Card::One).count();
    assert_eq!(required, 1);
    assert!(Fields::new().complete(Class::Unit).is_err());
}

#[test]
fn a_number_in_a_stored_row_means_the_same_for_ever() {
    for line in include_str!("codes.txt").lines() {
        let [what, code, name] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let found = match what {
            "class" => Class::named(name).map(Class::code),
            _ => Prop::named(name).map(Prop::code),
        };
        assert_eq!(found, code.parse().ok(), "{line}: stored databases say so; new names go to the end");
    }
    let known = include_str!("codes.txt").lines().count();
    assert_eq!(known, Class::ALL.len() + Prop::ALL.len(), "write the new names at the end of codes.txt too");
}

#[test]
fn a_filter_holds_or_does_not() {
    use valueflows::{Filter, Instant, Record, Value};
    let bob = Id([7; 16]);
    let fields = Fields::new()
        .with(Prop::Action, Value::Action(Action::TransferCustody))
        .with(Prop::Provider, Value::Ref(bob))
        .with(Prop::ResourceClassifiedAs, Value::Texts(vec!["loan".into()]))
        .with(Prop::Note, Value::Text("Back by FRIDAY".into()))
        .with(Prop::Due, Value::Instant(Instant(100)));
    let promise = Record::new(Id([1; 16]), Class::Commitment, fields);
    let table = [
        (Filter::All, true),
        (Filter::Every(vec![]), true),
        (Filter::Any(vec![]), false),
        (Filter::Points(Prop::Provider, bob), true),
        (Filter::Points(Prop::Receiver, bob), false),
        (Filter::Points(Prop::Provider, Id([8; 16])), false),
        (Filter::Says(Prop::ResourceClassifiedAs, "loan".into()), true),
        (Filter::Says(Prop::ResourceClassifiedAs, "fee".into()), false),
        (Filter::Flag(Prop::Finished, false), true),
        (Filter::Flag(Prop::Finished, true), false),
        (Filter::Acts(Action::TransferCustody), true),
        (Filter::Acts(Action::Transfer), false),
        (Filter::From(Prop::Due, Instant(100)), true),
        (Filter::From(Prop::Due, Instant(101)), false),
        (Filter::Until(Prop::Due, Instant(100)), true),
        (Filter::Until(Prop::Due, Instant(99)), false),
        (Filter::From(Prop::HasBeginning, Instant(0)), false),
        (Filter::Mentions("friday".into()), true),
        (Filter::Mentions("monday".into()), false),
    ];
    for (filter, wanted) in table {
        assert_eq!(filter.holds(&promise), wanted, "{filter:?}");
        assert_eq!(Filter::Not(Box::new(filter.clone())).holds(&promise), !wanted, "not {filter:?}");
        assert_eq!(Filter::Every(vec![Filter::All, filter.clone()]).holds(&promise), wanted, "{filter:?}");
        assert_eq!(
            Filter::Any(vec![Filter::Any(vec![]), filter.clone()]).holds(&promise),
            wanted,
            "{filter:?}"
        );
    }
}

#[test]
fn the_page_names_every_class_and_says_of_every_action_what_the_table_says() {
    let page = include_str!("../README.md");
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect()))
        .collect();
    let row = |name: &str| rows.iter().find(|row| row[0] == format!("`{name}`"));
    for class in Class::ALL.iter().filter(|class| !class.is_governing()) {
        assert!(row(class.as_str()).is_some_and(|row| row.len() == 3), "{}", class.as_str());
    }
    for class in Class::ALL.iter().filter(|class| class.is_governing()) {
        assert!(page.contains(&format!("`{}`", class.as_str())), "{}", class.as_str());
    }
    let short = |text: &str| if text == "notApplicable" { "-".to_owned() } else { text.to_owned() };
    for action in Action::all() {
        let table = action.row().unwrap();
        let wanted = [
            table.input_output.as_str(),
            table.pairs_with.as_ref().map_or("notApplicable", Action::as_str),
            table.create_resource.as_str(),
            table.event_quantity.as_str(),
            table.accounting.as_str(),
            table.onhand.as_str(),
            table.location.as_str(),
            table.contained.as_str(),
            table.accountable.as_str(),
            table.stage.as_str(),
            table.state.as_str(),
        ];
        let said = row(action.as_str()).unwrap_or_else(|| panic!("no {}", action.as_str()));
        assert_eq!(said[1..], wanted.map(short), "{}", action.as_str());
    }
}
