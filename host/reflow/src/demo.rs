//! The demo: a tool library with a past, founded and lived through the same path as any other.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pipeline::acts::{Act, AnyAct, Command, GoverningAct};
use pipeline::{Charter, Node, Receipt, Via, loans};
use serde_json::{Value as Json, json};
use valueflows::{Action, Class, Decimal, Fields, Id, Instant, Measure, Prop, Value};

use crate::cli::{Cli, Demo};
use crate::output::{Failure, say};
use crate::serve;

/// The demo network's name.
pub const NETWORK: &str = "corner-workshop";

/// Name, role, trainings, and where they live: metres east and north of the workshop.
const PEOPLE: &[(&str, &str, &[&str], i64, i64)] = &[
    ("Ines", "steward", &["chainsaw"], 300, 200),
    ("Jonas", "steward", &["chainsaw", "welding"], -500, 150),
    ("Amara", "member", &[], 900, -300),
    ("Bruno", "member", &["chainsaw"], -1200, 400),
    ("Chen", "member", &[], 150, -700),
    ("Dilara", "member", &["welding"], 2100, 900),
    ("Emil", "member", &[], -300, -2400),
    ("Fatou", "member", &[], 700, 1300),
    ("Goran", "member", &["chainsaw"], -1800, -600),
    ("Hana", "member", &[], 400, 350),
    ("Ivo", "member", &[], -250, 900),
    ("Jamila", "member", &[], 1600, -1100),
    ("Kofi", "member", &["welding"], -800, -800),
    ("Lea", "member", &[], 50, 2200),
];

/// Kind, training it needs, and its pieces.
const TOOLS: &[(&str, &str, &[&str])] = &[
    ("Hammer drill", "", &["Hammer drill, blue", "Hammer drill, Makita", "Hammer drill, small"]),
    ("Cordless drill", "", &["Cordless drill 12 V", "Cordless drill 18 V", "Cordless drill, old faithful"]),
    ("Chainsaw", "chainsaw", &["Chainsaw, electric", "Chainsaw, petrol"]),
    ("Welder", "welding", &["Welder, stick", "Welder, MIG"]),
    ("Ladder", "", &["Ladder 3 m", "Ladder 5 m", "Step ladder"]),
    ("Jigsaw", "", &["Jigsaw", "Jigsaw, fine"]),
    ("Circular saw", "", &["Circular saw 160", "Circular saw 190"]),
    ("Sander", "", &["Belt sander", "Orbital sander", "Delta sander"]),
    ("Wheelbarrow", "", &["Wheelbarrow, green", "Wheelbarrow, red"]),
    ("Hedge trimmer", "", &["Hedge trimmer, cordless", "Hedge trimmer, long"]),
    ("Sewing machine", "", &["Sewing machine, heavy", "Sewing machine, light"]),
    ("Pressure washer", "", &["Pressure washer"]),
    ("Tile cutter", "", &["Tile cutter 600", "Tile cutter, wet"]),
    ("Soldering station", "", &["Soldering station A", "Soldering station B"]),
    ("Bicycle stand", "", &["Bicycle stand", "Bicycle stand, folding"]),
    ("Torque wrench", "", &["Torque wrench 5–50", "Torque wrench 40–200"]),
    ("Projector", "", &["Projector with screen"]),
    ("Tent", "", &["Tent, three people", "Party tent"]),
    ("Cool box", "", &["Cool box 40 l"]),
    ("Cargo trailer", "", &["Cargo trailer for bicycles"]),
];

/// The town's middle, in millionths of a degree.
const HOME: (i64, i64) = (48_137_000, 11_575_000);
/// How long ago the demo's history begins.
const PAST_DAYS: i64 = 97;
/// How many loans it has seen.
const LOANS: usize = 24;

/// The password of somebody in the demo.
fn password(name: &str) -> String {
    format!("{}-demo", name.to_lowercase())
}

fn members() -> Json {
    PEOPLE
        .iter()
        .map(|(name, role, training, _, _)| json!({"name": name, "role": role, "training": training, "password": password(name)}))
        .collect()
}

/// A folder, or where nothing lies there, what was unpacked beside this program.
fn shared(path: &Path, name: &str) -> PathBuf {
    let beside = std::env::current_exe().ok().and_then(|program| {
        let prefix = program.parent()?.parent()?;
        Some(prefix.join("share/reflow").join(name))
    });
    match beside.filter(|beside| !path.exists() && beside.exists()) {
        Some(beside) => beside,
        None => path.to_owned(),
    }
}

/// Founds the demo if it is not there yet, says who may sign in, and serves.
pub async fn run(cli: &Cli, demo: &Demo) -> Result<(), Failure> {
    if demo.members {
        let members = members();
        say(cli.json, &members, members_in_lines);
        return Ok(());
    }
    let listener = match demo.only_found {
        true => None,
        false => Some(serve::bind(cli, &demo.listen).await?),
    };
    let (home, node) = serve::open(cli).await?;
    if node.store().network_by_name(NETWORK).await?.is_none() {
        let (rules, plugins) =
            (shared(&demo.rules, "policies/tool-library"), shared(&cli.plugins, "plugins"));
        let charter = Charter::read(&rules, &plugins)?;
        node.install(&charter).await?;
        // Another rule set beside it is laid on the shelf too, to found networks from.
        if let Ok(other) = Charter::read(&rules.with_file_name("open-books"), &plugins) {
            node.install(&other).await?;
        }
        Founding { node: node.clone(), network: NETWORK }.all(&charter).await?;
    }
    let head = node.head(NETWORK).await?;
    if !cli.json {
        println!("network `{NETWORK}`: {} entries so far\n", head.seq);
        println!("{}\n", members_in_lines());
    }
    if let Some(address) = listener.as_ref().and_then(serve::Doors::address).filter(|_| !cli.json) {
        let path = crate::console::governing::founding_link(&node, String::new()).await?;
        println!("found a network of your own: http://{address}{path}\n");
    }
    match listener {
        Some(listener) => serve::serve(&home, node, listener).await,
        None => {
            node.close().await;
            Ok(())
        }
    }
}

fn members_in_lines() -> String {
    let mut lines = String::from("who may sign in:\n");
    for (name, role, training, _, _) in PEOPLE {
        let training = if training.is_empty() {
            String::new()
        } else {
            format!(", trained for {}", training.join(" and "))
        };
        lines.push_str(&format!("  {name:<8} password {:<14} {role}{training}\n", password(name)));
    }
    lines
}

struct Founding {
    node: Arc<Node>,
    network: &'static str,
}

/// What the demo's history needs to know of its beginnings.
struct Beginnings {
    library: Id,
    piece: Id,
    people: Vec<Id>,
    things: Vec<(Id, Id)>,
}

impl Founding {
    async fn all(&self, charter: &Charter) -> Result<(), Failure> {
        let begin = Instant(pipeline::now().0 - PAST_DAYS * Instant::DAY_US).minute();
        let stewards: Vec<String> =
            PEOPLE.iter().filter(|one| one.1 == "steward").map(|one| one.0.to_owned()).collect();
        let receipt = self.node.found(self.network, charter, &stewards, true, Some(begin)).await?;
        let (library, piece) = self.anchors(&receipt).await?;
        let mut beginnings = Beginnings { library, piece, people: Vec::new(), things: Vec::new() };
        self.admit(&receipt, &mut beginnings).await?;
        self.stock(&mut beginnings).await?;
        self.live(&beginnings).await?;
        Ok(())
    }

    /// The library's own agent and the unit that tools are counted in.
    async fn anchors(&self, receipt: &Receipt) -> Result<(Id, Id), Failure> {
        let head = self.node.head(self.network).await?;
        let rules = self.node.rules(&head).await?;
        let library = receipt.made.iter().find(|(class, _, _)| class == "Organization").map(|(_, id, _)| *id);
        let piece = rules.units.get("piece").map(|(id, _)| *id);
        library.zip(piece).ok_or_else(|| {
            Failure::refused(
                "bad-rules",
                "the rules of the demo count in no `piece`",
                "Use policies/tool-library.",
            )
        })
    }

    async fn send(&self, agent: Id, acts: Vec<AnyAct>) -> Result<Receipt, Failure> {
        let command = Command::new(pipeline::node::command_id()?, agent, acts);
        let receipt = self.node.send(self.network, command, Via::Console).await?;
        match &receipt.decision {
            Ok(()) => Ok(receipt),
            Err(refused) => Err(Failure::refused(
                &refused.code,
                format!("the demo's history: {}", refused.sentence),
                &refused.remedy,
            )),
        }
    }

    async fn account(&self, name: &str, agent: Id) -> Result<(), Failure> {
        let head = self.node.head(self.network).await?;
        identity::add_account(self.node.store(), head.key, (name, &password(name)), agent, pipeline::now())
            .await
            .map_err(|error| Failure::refused("account", error.to_string(), "Start with a fresh folder."))
    }

    async fn admit(&self, founding: &Receipt, beginnings: &mut Beginnings) -> Result<(), Failure> {
        let mut founders =
            founding.made.iter().filter(|(class, _, _)| class == "Person").map(|(_, id, _)| *id);
        let mut steward = None;
        for (name, role, trainings, east, north) in PEOPLE {
            let agent = match founders.next().filter(|_| *role == "steward") {
                Some(founder) => founder,
                None => {
                    let by = steward.unwrap_or_default();
                    let place = self.place(by, (*east, *north)).await?;
                    let act = GoverningAct::Admit {
                        name: (*name).to_owned(),
                        roles: Vec::new(),
                        place: Some(place),
                    };
                    let receipt = self.send(by, vec![AnyAct::Governing(act)]).await?;
                    made(&receipt, "Person")?
                }
            };
            let steward = *steward.get_or_insert(agent);
            for training in *trainings {
                let act = GoverningAct::Train { member: agent, training: (*training).to_owned() };
                self.send(steward, vec![AnyAct::Governing(act)]).await?;
            }
            self.account(name, agent).await?;
            beginnings.people.push(agent);
        }
        Ok(())
    }

    async fn place(&self, by: Id, (east, north): (i64, i64)) -> Result<Id, Failure> {
        // A degree is 111 km to the north, and about 74 km to the east at this latitude.
        let fields = Fields::new()
            .with(Prop::Name, Value::Text("home".to_owned()))
            .with(Prop::Lat, Value::Integer(HOME.0 + north * 1_000_000 / 111_195))
            .with(Prop::Long, Value::Integer(HOME.1 + east * 1_000_000 / 74_200));
        let act = AnyAct::Economic(Act::Define { class: Class::SpatialThing, fields });
        made(&self.send(by, vec![act]).await?, "SpatialThing")
    }

    /// Tools: most are the library's, some belong to members who lend them themselves.
    async fn stock(&self, beginnings: &mut Beginnings) -> Result<(), Failure> {
        let steward = beginnings.people.first().copied().unwrap_or_default();
        let workshop = self.place(steward, (0, 0)).await?;
        let mut count = 0;
        for (kind, training, pieces) in TOOLS {
            let training = Some(*training).filter(|training| !training.is_empty());
            let mut spec = Fields::new().with(Prop::Name, Value::Text((*kind).to_owned()));
            if let Some(training) = training {
                spec.set(Prop::RequiresTraining, Value::Texts(vec![training.to_owned()]));
                spec.set(Prop::ResourceClassifiedAs, Value::Texts(vec!["dangerous".to_owned()]));
            }
            let act = AnyAct::Economic(Act::Define { class: Class::ResourceSpecification, fields: spec });
            let spec = made(&self.send(steward, vec![act]).await?, "ResourceSpecification")?;
            for piece in *pieces {
                count += 1;
                // Every eighth ordinary tool belongs to a member.
                let owner = match beginnings
                    .people
                    .get(2 + count / 8)
                    .filter(|_| count % 8 == 0 && training.is_none())
                {
                    Some(member) => *member,
                    None => beginnings.library,
                };
                let place = Some(workshop).filter(|_| owner == beginnings.library);
                let thing = self.tool(beginnings, steward, (piece, count), spec, owner, place).await?;
                beginnings.things.push(thing);
            }
        }
        Ok(())
    }

    async fn tool(
        &self,
        beginnings: &Beginnings,
        steward: Id,
        (name, number): (&str, usize),
        spec: Id,
        owner: Id,
        place: Option<Id>,
    ) -> Result<(Id, Id), Failure> {
        let agent = if owner == beginnings.library { steward } else { owner };
        let one = Value::Measure(Measure { value: Decimal::new(1, 0), unit: beginnings.piece });
        let mut resource = Fields::new()
            .with(Prop::Name, Value::Text(name.to_owned()))
            .with(Prop::ConformsTo, Value::Ref(spec))
            .with(Prop::TrackingIdentifier, Value::Text(format!("CW-{number:03}")));
        if let Some(place) = place {
            resource.set(Prop::CurrentLocation, Value::Ref(place));
        }
        let event = loans::event(Action::Raise, owner, owner, one.clone());
        let receipt =
            self.send(agent, vec![AnyAct::Economic(Act::Record { event, resource: Some(resource) })]).await?;
        let thing = made(&receipt, "EconomicResource")?;
        let intent = Fields::new()
            .with(Prop::Action, Value::Action(Action::TransferCustody))
            .with(Prop::Provider, Value::Ref(owner))
            .with(Prop::ResourceInventoriedAs, Value::Ref(thing))
            .with(Prop::ResourceQuantity, one);
        let proposal = Fields::new()
            .with(Prop::Name, Value::Text(name.to_owned()))
            .with(Prop::Purpose, Value::Text("offer".to_owned()));
        let receipt = self
            .send(agent, vec![AnyAct::Economic(Act::Publish { proposal, intents: vec![intent] })])
            .await?;
        Ok((thing, made(&receipt, "Intent")?))
    }

    /// The past: loans one after the other, most brought back in time.
    async fn live(&self, beginnings: &Beginnings) -> Result<(), Failure> {
        let steward = beginnings.people.first().copied().unwrap_or_default();
        for n in 0..LOANS {
            // Ordinary tools only; whoever is trained for the others comes by in person.
            let ordinary: Vec<&(Id, Id)> = beginnings
                .things
                .iter()
                .enumerate()
                .filter(|(n, _)| !(6..10).contains(n))
                .map(|(_, thing)| thing)
                .collect();
            let Some((_, intent)) = ordinary.get((n * 7) % ordinary.len().max(1)).copied() else { break };
            let Some(borrower) = beginnings.people.get(2 + n % (PEOPLE.len() - 2)).copied() else { break };
            let agreement = match self.borrow(borrower, *intent).await? {
                Some(agreement) => agreement,
                None => continue,
            };
            // Some come back late, and pay for it.
            self.loan(steward, agreement, if n % 7 == 4 { 9 } else { 3 }).await?;
        }
        Ok(())
    }

    async fn borrow(&self, borrower: Id, intent: Id) -> Result<Option<Id>, Failure> {
        let mut reader = self.node.reader(self.network, borrower, Via::Console).await?;
        let until = reader.time().plus_us(7 * Instant::DAY_US);
        let act = loans::borrow(&mut reader, intent, borrower, until).await?;
        let command = Command::new(pipeline::node::command_id()?, borrower, vec![act]);
        let receipt = self.node.send(self.network, command, Via::Console).await?;
        // A refusal belongs to a real past too: some asked for what was theirs already.
        match &receipt.decision {
            Ok(()) => made(&receipt, "Agreement").map(Some),
            Err(_) => Ok(None),
        }
    }

    async fn loan(&self, steward: Id, agreement: Id, days: i64) -> Result<(), Failure> {
        let mut reader = self.node.reader(self.network, steward, Via::Console).await?;
        let acts = loans::hand_over(&mut reader, agreement).await?;
        self.send(steward, acts).await?;
        self.days(steward, days).await?;
        let mut reader = self.node.reader(self.network, steward, Via::Console).await?;
        let acts = loans::take_back(&mut reader, agreement).await?;
        self.send(steward, acts).await?;
        let mut reader = self.node.reader(self.network, steward, Via::Console).await?;
        let promises = loans::promises(&mut reader, agreement).await?;
        for fee in promises.iter().filter(|promise| promise.is_open()) {
            let acts = loans::pay(&mut reader, fee.id).await?;
            self.send(steward, acts).await?;
        }
        self.days(steward, 1).await
    }

    async fn days(&self, steward: Id, days: i64) -> Result<(), Failure> {
        let act = GoverningAct::AdvanceClock { by_us: days * Instant::DAY_US };
        self.send(steward, vec![AnyAct::Governing(act)]).await.map(drop)
    }
}

fn made(receipt: &Receipt, class: &str) -> Result<Id, Failure> {
    let found = receipt.made.iter().find(|(name, _, _)| name == class);
    found.map(|(_, id, _)| *id).ok_or_else(|| Failure::Unreachable(format!("no {class} was made")))
}
