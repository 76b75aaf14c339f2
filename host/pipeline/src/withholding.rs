//! Revoking, and what follows from it in each network: the last version that it had bound before stands in, or what needs
//! the calculation is refused.

use std::collections::HashMap;
use std::sync::Arc;

use governance::withholding::{StandIn, Why, Withheld};
use governance::{AnyAct, Command, GoverningAct, WithholdAct};
use policy::{Binding, RuleBook, Trust, Via};
use sandbox::{AdmissionError, Manifest};
use store::{Head, State};
use valueflows::{Id, Instant, Surface};

use crate::decision::Receipt;
use crate::error::Rejection;
use crate::node::{Node, command_id};
use crate::own;
use crate::rules::Enacted;
use crate::settings::{self, type_settings};

/// What is revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revoked {
    /// One component.
    Component(String),
    /// A key: what it has signed counts as unsigned.
    Key(String),
    /// Versions of a plugin.
    Versions(String, semver::VersionReq),
}

impl Revoked {
    /// Reads what is to be revoked: a component's digest, a key (`z6Mk…`), `NAME`, or `NAME@RANGE` as in `deposit@<0.2.3`.
    pub fn parse(what: &str) -> Result<Revoked, Rejection> {
        if what.len() == 64 && what.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase()) {
            return Ok(Revoked::Component(what.to_owned()));
        }
        if what.starts_with("z6Mk") {
            return Ok(Revoked::Key(what.to_owned()));
        }
        let (name, range) = what.split_once('@').unwrap_or((what, "*"));
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || !name.chars().all(is_name) {
            return Err(Rejection::Rules(format!(
                "`{what}` is no digest of a component, no key, and no plugin's name with versions, as in `deposit@<0.2.3`"
            )));
        }
        let range = semver::VersionReq::parse(range)
            .map_err(|error| Rejection::Rules(format!("`{range}` is no range of versions: {error}")))?;
        Ok(Revoked::Versions(name.to_owned(), range))
    }

    /// Whether it is about a component; `trust` is whom those trust who would use it.
    fn hits(&self, component: &Component, trust: Option<&Trust>) -> bool {
        match self {
            Revoked::Component(digest) => *digest == component.digest,
            Revoked::Versions(name, range) => {
                let version = semver::Version::parse(&component.version).ok();
                // What is no version of the usual kind is only among all of them.
                *name == component.name
                    && version.map_or(*range == semver::VersionReq::STAR, |version| in_range(range, &version))
            }
            Revoked::Key(key) => {
                let Component { signers, sound, .. } = component;
                signers.contains(key) && trust.is_some_and(|trust| trust.signed_by(sound) < trust.needed)
            }
        }
    }
}

/// Whether a version lies in a range; one that is not finished lies where the finished one does.
fn in_range(range: &semver::VersionReq, version: &semver::Version) -> bool {
    let finished = semver::Version::new(version.major, version.minor, version.patch);
    range.matches(version) || range.matches(&finished)
}

/// A component as revocations see it.
struct Component {
    digest: String,
    name: String,
    version: String,
    signers: Vec<String>,
    /// Those of them that count.
    sound: Vec<String>,
}

/// The signatures that count: those by keys that are not revoked.
pub(crate) fn sound(mut signers: Vec<String>, revocations: &[Revocation]) -> Vec<String> {
    signers.retain(|key| !revocations.iter().any(|revocation| revocation.what == *key));
    signers
}

/// A revocation that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// As it was said.
    pub what: String,
    /// Why.
    pub because: String,
    /// Since when.
    pub at: Instant,
}

impl Node {
    /// Revokes components by what they are, by whose key they are signed, or by their versions: at once, in every network
    /// that lives here.
    pub async fn revoke(self: &Arc<Node>, what: &str, because: &str) -> Result<Receipt, Rejection> {
        Revoked::parse(what)?;
        if self.revocations().await?.iter().any(|known| known.what == what) {
            return Err(Rejection::Rules(format!("`{what}` is revoked already")));
        }
        let (what, because) = (what.to_owned(), because.trim().to_owned());
        self.told_everywhere(WithholdAct::RevokePlugin { what, because }).await
    }

    /// Takes a revocation back.
    pub async fn unrevoke(self: &Arc<Node>, what: &str) -> Result<Receipt, Rejection> {
        if self.revocations().await?.iter().all(|known| known.what != what) {
            return Err(Rejection::Rules(format!(
                "`{what}` is not revoked; `reflow plugin revoke` says what is, word for word"
            )));
        }
        self.told_everywhere(WithholdAct::UnrevokePlugin { what: what.to_owned() }).await
    }

    async fn told_everywhere(self: &Arc<Node>, act: WithholdAct) -> Result<Receipt, Rejection> {
        let agent = self.operator().await?;
        let command =
            Command::new(command_id()?, agent, vec![AnyAct::Governing(GoverningAct::Withhold(act))]);
        let receipt = self.lane(own::NAME).await?.put(command, Via::Console)?.await?;
        if let Err(refused) = &receipt.decision {
            return Err(Rejection::Rules(format!("{}; {}", refused.sentence, refused.remedy)));
        }
        self.read_told().await?;
        self.look_again().await?;
        Ok(receipt)
    }

    /// Has every network look whether something of its rules is out of use.
    pub(crate) async fn look_again(self: &Arc<Node>) -> Result<(), Rejection> {
        for head in self.networks().await?.iter().filter(|head| head.state == State::Live) {
            self.lane_of(head.key).await?.look().await?;
        }
        Ok(())
    }

    /// What is withheld of the rules in force of each network that lives here.
    pub async fn withheld(&self) -> Result<Vec<(String, Vec<Withheld>)>, Rejection> {
        let mut all = Vec::new();
        for head in self.networks().await? {
            let withheld = self.rules(&head).await?.withheld.clone();
            if !withheld.is_empty() {
                all.push((head.name, withheld));
            }
        }
        Ok(all)
    }

    /// Why a component is revoked, if it is, for those who trust `trust`.
    pub(crate) async fn why_revoked(
        &self,
        digest: &str,
        manifest: Option<&Manifest>,
        trust: Option<&Trust>,
    ) -> Result<Option<String>, Rejection> {
        let revocations = self.revocations().await?;
        if revocations.is_empty() {
            return Ok(None);
        }
        let on_shelf = match manifest {
            Some(_) => None,
            // What is not there has no version, and is found missing when it is loaded.
            None => {
                self.shelf.bytes(&self.store, digest).await.ok().and_then(|bytes| Manifest::of(&bytes).ok())
            }
        };
        let said = |manifest: &Manifest| (manifest.name.clone(), manifest.version.clone());
        let (name, version) = manifest.or(on_shelf.as_ref()).map(said).unwrap_or_default();
        let signers = self.who_signed(digest).await?;
        let sound = sound(signers.clone(), &revocations);
        let component = Component { digest: digest.to_owned(), name, version, signers, sound };
        for revocation in revocations.iter().rev() {
            if Revoked::parse(&revocation.what)?.hits(&component, trust) {
                return Ok(Some(revocation.because.clone()));
            }
        }
        Ok(None)
    }

    /// Refuses to lay something on the shelf that is revoked.
    pub(crate) async fn check_not_revoked(&self, manifest: &Manifest, digest: &str) -> Result<(), Rejection> {
        match self.why_revoked(digest, Some(manifest), None).await? {
            None => Ok(()),
            Some(because) => Err(revoked(&manifest.name, &because)),
        }
    }

    /// Refuses rules that bind what is revoked, but for what those in force bind already.
    pub(crate) async fn check_in_use(
        &self,
        book: &RuleBook,
        in_force: Option<&RuleBook>,
    ) -> Result<(), Rejection> {
        let known = |component: &str| {
            in_force.is_some_and(|book| book.bindings.iter().any(|bound| bound.component == component))
        };
        for binding in book.bindings.iter().filter(|binding| !known(&binding.component)) {
            let trust = book.trust.as_ref();
            if let Some(because) = self.why_revoked(&binding.component, None, trust).await? {
                return Err(revoked(&binding.plugin, &because));
            }
        }
        Ok(())
    }

    /// What a network has to write down about components out of use; nothing where it stands there already.
    pub(crate) async fn withholding(&self, head: &Head) -> Result<Option<(Command, Via)>, Rejection> {
        let enacted = self.book(head).await?;
        let wanted = self.to_withhold(head, &enacted).await?;
        let Enacted { book, record, withheld, .. } = enacted;
        if wanted == withheld {
            return Ok(None);
        }
        let failed = |one: &Withheld| one.why == Why::Failed;
        let via = if wanted.iter().chain(&withheld).all(failed) { Via::Clock } else { Via::Console };
        for one in &wanted {
            let instead = one.instead.as_ref().map(|instead| &*instead.component);
            tracing::warn!(
                network = head.name,
                plugin = one.plugin,
                because = one.because,
                instead,
                "a component is out of use"
            );
        }
        let book = match record {
            Some(_) => None,
            None => Some(book.to_json()?),
        };
        let act = GoverningAct::Withhold(WithholdAct::Withhold { withheld: wanted, book });
        let command = Command::new(command_id()?, head.network, vec![AnyAct::Governing(act)]);
        Ok(Some((command, via)))
    }

    /// What of rules is out of use.
    pub(crate) async fn to_withhold(
        &self,
        head: &Head,
        enacted: &Enacted,
    ) -> Result<Vec<Withheld>, Rejection> {
        let Enacted { book, units, .. } = enacted;
        let mut wanted: Vec<Withheld> = Vec::new();
        for binding in &book.bindings {
            if wanted.iter().any(|known| known.component == binding.component) {
                continue;
            }
            if let Some((why, because)) = self.out_of_use(binding, book.trust.as_ref()).await? {
                let instead = self.stand_in(head, book, binding, units).await?;
                let (plugin, component) = (binding.plugin.clone(), binding.component.clone());
                wanted.push(Withheld { plugin, component, why, because, instead });
            }
        }
        Ok(wanted)
    }

    /// Why a bound component is out of use, if it is.
    async fn out_of_use(
        &self,
        binding: &Binding,
        trust: Option<&Trust>,
    ) -> Result<Option<(Why, String)>, Rejection> {
        if let Some(because) = self.why_revoked(&binding.component, None, trust).await? {
            return Ok(Some((Why::Revoked, because)));
        }
        match self.shelf.get(&self.store, &binding.component).await {
            Ok(_) => Ok(None),
            Err(error) if is_of_component(&error) => Ok(Some((Why::Failed, error.to_string()))),
            Err(error) => Err(error),
        }
    }

    /// What a network had bound last in the place of a binding, of what is neither revoked nor broken. What counts votes has
    /// nothing: a vote is counted by what it was when it began, or not at all.
    async fn stand_in(
        &self,
        head: &Head,
        book: &RuleBook,
        binding: &Binding,
        units: &HashMap<String, (Id, u8)>,
    ) -> Result<Option<StandIn>, Rejection> {
        if binding.surface == Surface::Tally {
            return Ok(None);
        }
        for (_, before) in self.books_before(head).await?.into_iter().rev() {
            let before = RuleBook::from_json(&before)?;
            let same = |other: &&Binding| {
                (&other.plugin, other.surface, &other.facts)
                    == (&binding.plugin, binding.surface, &binding.facts)
                    && other.component != binding.component
            };
            let Some(other) = before.bindings.iter().find(same) else { continue };
            if self.out_of_use(other, book.trust.as_ref()).await?.is_some() {
                continue;
            }
            let plugin = self.shelf.get(&self.store, &other.component).await?;
            let Ok(typed) = type_settings(&plugin.manifest, &other.settings, units) else { continue };
            if settings::check(&plugin, &typed, units).is_ok() {
                let (component, settings) = (other.component.clone(), other.settings.clone());
                return Ok(Some(StandIn { component, settings }));
            }
        }
        Ok(None)
    }
}

fn revoked(plugin: &str, because: &str) -> Rejection {
    Rejection::Revoked(format!(
        "`{plugin}` is revoked by whoever runs this node: {because}; use another version"
    ))
}

/// Whether it is the component that is at fault, and not this machine at this moment.
pub(crate) fn is_of_component(error: &Rejection) -> bool {
    match error {
        Rejection::Rules(_) => true,
        Rejection::Admission(error) => {
            !matches!(error, AdmissionError::Child(_) | AdmissionError::Compile(_))
        }
        _ => false,
    }
}
