//! Reports from the books: sums that can be checked by hand, as documents and as tables.

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::{cli, founded::act};

use crate::founded::{Door, Library, NETWORK, door, made};

fn report(door: &Door, what: &str) -> Json {
    let (status, answer) = door.amara.ask(&format!("/api/v1/networks/{NETWORK}/reports/{what}"));
    assert_eq!(status, 200, "{what}: {answer}");
    answer
}

/// The cells of some columns, row by row.
fn cells(report: &Json, columns: &[&str]) -> Vec<Vec<String>> {
    let rows = report["rows"].as_array().expect("rows");
    let cell =
        |row: &Json, name: &str| row[name].as_str().map_or_else(|| row[name].to_string(), str::to_owned);
    rows.iter().map(|row| columns.iter().map(|name| cell(row, name)).collect()).collect()
}

/// Money goes to and fro over three months, and something is promised of which half is done.
fn told(door: &Door) -> (String, String) {
    let Door { library: Library { amara, ines, piece, euro, .. }, .. } = door;
    let does = |acts: Json| act(&door.data.0, None, "Ines", &acts);
    let pays = |from: &str, to: &str, amount: &str, at: &str| {
        json!({"act": "report", "class": "EconomicEvent", "fields": {"action": "transfer", "provider": from, "receiver": to,
            "resourceQuantity": {"hasNumericalValue": amount, "hasUnit": euro}, "hasPointInTime": at}})
    };
    let us = |text: &str| {
        let output =
            std::process::Command::new("date").args(["-u", "-d", text, "+%s"]).output().expect("date");
        json!(
            String::from_utf8(output.stdout).expect("text").trim().parse::<i64>().expect("seconds")
                * 1_000_000
        )
    };
    for (from, to, amount, at) in [
        (ines, amara, "20.00", "2024-01-10T12:00:00Z"),
        (amara, ines, "5.50", "2024-01-31T23:59:00Z"),
        (amara, ines, "4.50", "2024-02-01T00:00:00Z"),
        (ines, amara, "1.00", "2024-04-05T12:00:00Z"),
    ] {
        let mut pays = pays(from, to, amount, at);
        pays["fields"]["hasPointInTime"] = us(at);
        does(json!([pays]));
    }
    let one = |n: &str| json!({"hasNumericalValue": n, "hasUnit": piece});
    let flow = |action: &str, n: &str| json!({"action": action, "provider": ines, "receiver": amara, "resourceQuantity": one(n)});
    let mut raise = flow("raise", "9");
    raise["receiver"] = json!(ines);
    let nails = made(
        &does(json!([{"act": "record", "event": raise, "newResource": {"name": "=Nails"}}])),
        "EconomicResource",
    );
    let plan = made(&does(json!([{"act": "define", "class": "Plan", "fields": {"name": "Roof"}}])), "Plan");
    let mut promise = flow("transfer", "6");
    promise["resourceInventoriedAs"] = json!(nails);
    promise["plannedWithin"] = json!(plan);
    let mut told = promise.clone();
    told["finished"] = json!(false);
    let promise =
        made(&does(json!([{"act": "report", "class": "Commitment", "fields": told}])), "Commitment");
    let mut kept = flow("transfer", "4");
    kept["resourceInventoriedAs"] = json!(nails);
    kept["fulfills"] = json!([promise]);
    does(json!([{"act": "record", "event": kept}]));
    (plan, nails)
}

#[test]
fn reports_say_what_the_books_say() {
    let door = door("reports");
    let (plan, nails) = told(&door);
    let flow = ["period", "in", "out", "net", "balance"];
    let rows =
        |rows: &[[&str; 5]]| rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect::<Vec<_>>();
    assert_eq!(
        cells(&report(&door, "cash-flow?unit=EUR"), &flow),
        rows(&[
            ["2024-01-01", "20.00", "5.50", "14.50", "14.50"],
            ["2024-02-01", "0.00", "4.50", "-4.50", "10.00"],
            ["2024-04-01", "1.00", "0.00", "1.00", "11.00"],
        ])
    );
    assert_eq!(
        cells(&report(&door, "cash-flow?unit=EUR&per=year"), &flow),
        rows(&[["2024-01-01", "21.00", "10.00", "11.00", "11.00"]])
    );
    // What was before opens the balance, and is no row.
    assert_eq!(
        cells(
            &report(&door, "cash-flow?unit=EUR&per=week&from=2024-02-01T00:00:00Z&to=2024-03-01T00:00:00Z"),
            &flow
        ),
        rows(&[["2024-01-29", "0.00", "4.50", "-4.50", "10.00"]])
    );
    let Door { library: Library { ines, .. }, .. } = &door;
    let ines = format!("cash-flow?unit=EUR&per=year&agent={ines}");
    assert_eq!(cells(&report(&door, &ines), &["balance"]), [["-11.00"]]);
    assert_eq!(cells(&report(&door, "cash-flow?unit=nothing"), &["balance"]), Vec::<Vec<String>>::new());
    let kept =
        ["action", "what", "provider", "receiver", "promised", "done", "remaining", "unit", "finished"];
    let wanted = vec![
        ["transfer", "=Nails", "Ines", "Amara", "6", "4", "2", "piece", "false"].map(str::to_owned).to_vec(),
    ];
    assert_eq!(cells(&report(&door, &format!("plan-and-actual?plan={plan}")), &kept), wanted);
    assert_eq!(cells(&report(&door, "plan-and-actual"), &kept), wanted);
    let gave = cells(
        &report(&door, "contributions?from=2024-01-01T00:00:00Z"),
        &["agent", "action", "events", "amount", "unit"],
    );
    for row in [
        ["Amara", "transfer", "2", "10.00", "EUR"],
        ["Ines", "transfer", "1", "4", "piece"],
        ["Ines", "transfer", "2", "21.00", "EUR"],
    ] {
        assert!(gave.contains(&row.map(str::to_owned).to_vec()), "{row:?}: {gave:?}");
    }
    let stock = cells(
        &report(&door, "stock"),
        &["id", "accountingQuantity", "onhandQuantity", "unit", "primaryAccountable", "custodian"],
    );
    assert!(
        stock.contains(&[nails.as_str(), "5", "5", "piece", "Ines", "Ines"].map(str::to_owned).to_vec()),
        "{stock:?}"
    );
    assert_eq!(stock.len(), 4);
    cli(&door.data.0, None, &["verify"]).ok();
}

#[test]
fn a_page_shows_them_with_pictures() {
    let door = door("reports-page");
    told(&door);
    let page = |of: &str| door.amara.get(&format!("/n/{NETWORK}/sums{of}"));
    let Door { library: Library { ines, .. }, .. } = &door;
    let table: &[(&str, &[&str])] = &[
        ("", &["2024-04", "11.00 €", "reports/cash-flow?format=csv"]),
        (&format!("?of=money&per=year&unit=EUR&whose={ines}"), &["2024</th>", "-11.00 €"]),
        ("?of=stock", &["=Nails", "5 pc", "With its owner"]),
        ("?of=promised", &["=Nails", "6 pc", "4 pc", "2 pc", "open"]),
        ("?of=given", &["gave for good", "21.00 €", "10.00 €"]),
        // What is asked wrongly is the first that there is.
        ("?of=nothing&unit=nothing&per=nothing&whose=nothing", &["2024-04", "11.00 €"]),
    ];
    for (of, says) in table {
        let page = page(of);
        for words in *says {
            page.says(words);
        }
        let (_, rest) = page.body.split_once("src=\"/n/").expect("a picture");
        let picture = rest.split('"').next().expect("an address").replace("&amp;", "&").replace("&#38;", "&");
        let picture = door.amara.get(&format!("/n/{picture}"));
        assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
    }
    assert_ne!(
        door.amara.get(&format!("/n/{NETWORK}/sums.png?of=given")).body,
        door.amara.get(&format!("/n/{NETWORK}/sums.png?of=promised")).body
    );
}

/// What a page has no room for is in the file.
#[test]
fn a_page_shows_so_much_of_them() {
    let door = door("reports-much");
    let Door { library: Library { amara, ines, piece, euro, .. }, .. } = &door;
    let does = |acts: Vec<Json>| act(&door.data.0, None, "Ines", &json!(acts));
    let kind = |n: usize| json!({"act": "define", "class": "ResourceSpecification", "fields": {"name": format!("Kind {n}")}});
    let kinds = does((0..14).map(kind).collect());
    let kinds: Vec<&Json> = kinds["made"].as_array().expect("made").iter().map(|row| &row[1]).collect();
    let thing = |n: usize| {
        let event = json!({"action": "raise", "provider": ines, "receiver": ines,
            "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": piece}});
        let fields = json!({"name": format!("Thing {n}"), "conformsTo": kinds[n % kinds.len()]});
        json!({"act": "record", "event": event, "newResource": fields})
    };
    does((0..45).map(thing).collect());
    let pays = |n: usize| {
        let at = 1_704_110_400_000_000u64 + n as u64 * 86_400_000_000;
        json!({"act": "report", "class": "EconomicEvent", "fields": {"action": "transfer", "provider": ines, "receiver": amara,
            "resourceQuantity": {"hasNumericalValue": "1.00", "hasUnit": euro}, "hasPointInTime": at}})
    };
    does((0..40).map(pays).collect());
    let friend = |n: usize| json!({"act": "admit", "name": format!("Friend {n}"), "roles": ["member"]});
    does((0..200).map(friend).collect());
    let page = |of: &str| door.amara.get(&format!("/n/{NETWORK}/sums?of={of}"));
    let times = |text: &str, what: &str| text.matches(what).count();
    let stock = page("stock");
    let (row, bar) = ("<th scope=\"row\">", "<th scope=\"row\"><span class=\"quiet\">");
    assert_eq!((times(&stock.body, bar), times(&stock.body, row)), (12, 12 + 40), "{}", stock.body);
    stock.says("8 more lines");
    let money = page("money&per=day");
    assert_eq!(times(&money.body, row), 36);
    money.says("2024-02-09").says(&format!("<option value=\"{amara}\" selected>"));
    assert!(!money.body.contains("2024-01-04"), "the oldest four are in the file alone");
    let whose = money.body.split("</select>").next().expect("whose");
    assert_eq!(times(whose, "<option"), 200, "and not everybody is offered");
    assert_eq!(report(&door, "cash-flow?unit=EUR&per=day")["rows"].as_array().map(Vec::len), Some(40));
    let stock = cells(&report(&door, "stock"), &["name", "primaryAccountableId", "custodianId"]);
    assert!(stock.contains(&vec!["Thing 44".to_owned(), ines.clone(), ines.clone()]), "{stock:?}");
}

#[test]
fn reports_are_tables_too_and_asked_for_properly() {
    let door = door("reports-tables");
    let (_, nails) = told(&door);
    let at = |what: &str| format!("/api/v1/networks/{NETWORK}/reports/{what}");
    let table = door.amara.get(&at("stock?format=csv"));
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    let line = table.body.lines().find(|line| line.starts_with(&nails)).expect("a row");
    assert!(line.starts_with(&format!("{nails},'=Nails,,5,5,piece,Ines,Ines")), "no formula: {line}");
    assert!(
        door.amara
            .get(&at("cash-flow?unit=EUR&format=csv"))
            .body
            .contains("\r\n2024-02-01,0.00,4.50,-4.50,10.00,EUR\r\n")
    );
    let wrong = [
        ("cash-flow", 400),
        ("cash-flow?unit=EUR&per=hour", 400),
        ("stock?from=yesterday", 400),
        ("stock?format=pdf", 400),
        ("stock?colour=red", 400),
        ("plan-and-actual?plan=x", 400),
        ("profits", 404),
    ];
    for (what, status) in wrong {
        assert_eq!(door.amara.ask(&at(what)).0, status, "{what}");
    }
    assert_eq!(Browser::new(&door.node.base).ask(&at("stock")).0, 401);
}
