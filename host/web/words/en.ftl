# Every page's own words, in English. What stands in the books or in a network's rules is not here.

## Frame
skip-to-content = Skip to content
sign-out = Sign out
nav-label = Pages
nav-home = Home
nav-board = Board
nav-things = Things
nav-people = People
nav-rules = Rules
nav-votes = Votes
nav-journal = Journal
trial-network = This is a trial network. Its calendar says { $today }.
rules-here = Which rules apply here
something-wrong = Something is wrong
times-in = Times are those of { $zone }.
back-home = Back home
exactly = Exactly
why = Why
name = Name
it = it
somebody = somebody
something = something
nobody = nobody
or = {" or "}
and = {" and "}
quoted = "{ $name }"
is-until = { $is }, until { $due }
is-review = { $is }; it is looked at again by { $due }
earlier = Earlier
stopped = { $kind ->
    [network] Everything here is paused until { $until }: { $reason }
    [plugin] What "{ $name }" calculates is paused until { $until }: { $reason }
   *[other] The rule "{ $name }" is suspended until { $until }: { $reason }
}

## Dates and numbers
date-unknown = at some time
date-weekday = { $n ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[other] Sunday
}
date-month = { $n ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[other] Dec
}
date-day = { $weekday } { $day } { $month } { $year }
date-moment = { $day }, { $time }
date-deadline = { $moment } ({ $zone })
date-due = { $late ->
    [0] { $days ->
        [0] due today, { $day }
        [1] due tomorrow, { $day }
       *[other] due in { $days } days, { $day }
    }
   *[other] { $days ->
        [0] was due today, { $day }
        [1] was due yesterday, { $day }
       *[other] was due { $days } days ago, { $day }
    }
}
number-decimal = .
date-today = today
date-tomorrow = tomorrow

## When something does not work
problem-title = That did not work
problem-remedy = Try again, and tell a steward if it goes on.
problem-number = Whoever runs this node finds more in its log under { $number }.
nothing-lost = Nothing is lost.
problem-away = The database does not answer right now.
problem-away-remedy = Try again in a moment.
problem-word = This form was not made for your session.
problem-word-remedy = Go back, load the page again and send it once more.
problem-form = This form is not complete.
problem-form-remedy = Go back and load the page again.
too-often-title = Too often
too-often = That was too often. There is room again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
too-often-remedy = Wait a little, then try again.
not-here-title = Not here
not-here = There is nothing here that you may see.
not-here-remedy = Check the address, or look on the board.
rejection = { $code ->
    [malformed] That cannot be read: { $what }
    [command-id-conflict] This form was sent once already, with something else in it.
    [unknown-network] There is no network "{ $what }" here.
    [unknown-agent] Nobody called "{ $what }" belongs to this network.
    [catching-up] The network is catching up with what has fallen due.
    [busy] The network is busy.
    [too-many-refusals] Too much was refused today; look at why the earlier ones were.
    [too-large] That is too much for one step; split it up.
    [unsigned-plugin] Too few of those whom this network trusts have signed this calculation.
    [revoked-plugin] Whoever runs this node has revoked this calculation; take another version.
    [too-much-to-read] That touches too much at once; split it up.
    [no-answer] A rule of this network gave no answer in time.
    [database-away] The database is away.
    [network-elsewhere] This network lives on another node now; here its books are only read.
    [network-full] This network has used up the room it has on this node.
    [too-much-today] This network has used up what it may do in a day.
    [disk-full] The disk of this node is full.
   *[other] Something went wrong on our side.
}
identity-error = { $why ->
    [not-you] This name and password do not belong together; check both, or ask a steward for a new password.
    [bad-code] This code does not count, or not any more. Take the newest one.
    [bad-name] A name and a password have from 1 to 200 characters.
    [taken] There is somebody called "{ $name }" in this network already.
    [nobody] Nobody signs in as "{ $name }" in this network.
   *[other] Passwords cannot be checked right now; try again in a moment.
}
refused = refused
refused-not-permitted = No rule of this network permits that.
refused-not-permitted-remedy = Look at the rules, or ask a steward.

## Front door, signing in, joining
networks-title = Networks
networks-none = No network lives here yet. Whoever runs this node can found one with
found-title = Found a network
found-state = People who share things under rules that they choose and can change.
found-charter = By which rules does it begin?
found-no-charter = Choose the rules that it begins by.
found-shelf-empty = There are no rules here yet to begin by. Whoever runs this node lays some on the shelf with
found-name = What is it called?
found-name-help = Small letters, figures and hyphens, as in "corner-workshop"; it stands in every address.
found-name-mistake = Use small letters, figures and hyphens only, 60 at the most.
found-name-taken = There is a network called "{ $name }" here already.
found-place = Where is it?
place-title = Where the network is
place-name = What you call the place
setting-flag = { $flag ->
    [true] Yes
   *[other] No
}
setting-mistake = { $why ->
    [number] This is a whole number.
    [flag] This is yes or no.
    [amount] This is an amount in a unit of these rules, as in 20.00 EUR.
    [unit] This is a unit of these rules.
    [agent] This is somebody who belongs to this network.
    [spec] This is a kind of thing.
    [least] This is at least { $bound }.
    [greatest] This is at most { $bound }.
    [choices] This is one of { $bound }.
   *[other] This is a text.
}
place-zone = By whose clock?
place-zone-help = A city that has a time zone, as in Lisbon, or the zone's name, as in Europe/Lisbon. Every deadline is meant by it.
place-name-mistake = The name of a place is one short line.
place-zone-mistake = There is no time zone of that name. Write a city that has one, as in Lisbon or Europe/Lisbon.
found-me = Your own name
found-others = Who else keeps it?
found-others-help = A name a line. They get an invitation each. A real network has two stewards at least.
found-two-stewards = A real network has two stewards at least: name another one, or found it for trying out.
found-many-stewards = That is more than { $most } stewards; more of them can come later.
found-sandbox = Only for trying out, with a calendar that can be moved
found-button = Found it
found-gone-title = This link is over
found-used = A network was founded with it already.
found-gone-remedy = Ask whoever runs this node for another one.
founded-title = { $name } is founded
founded-state = You are signed in, as a steward.
founded-how = Send this address to them; it works once.
founded-go = Go to your network
mistake-name-person = Say what you are called.
sign-in = Sign in
sign-in-to = to { $network }
your-name = Your name
your-password = Your password
members-only = Only members see what is in this network.
ask-to-join = Ask to join
steward-admits = A steward can admit you.
join-title = Join { $network }
join-name = Your name, by which you sign in
join-password = A password
join-who-reads = Members read your answers.
join-closed = Nobody asks to join here: its rules do not say how.
join-closed-remedy = Ask a member to let you in.
invite-title = Invite somebody
invite-state = A link, or a printed code, that lets one person in, once.
invite-cannot = You cannot invite anybody: { $sentence }
invite-name = Who is it for?
invite-name-help = Only for you and the paper; they choose themselves what they are called here.
invite-button = Make an invitation
invite-open = Not used yet
invite-by-until = from { $by }, until { $until }
invitation-to = An invitation to { $network }
invitation-for = { $name }, you are invited to { $network }
invitation-how = Open this address, or hold a phone's camera to the code. It works once. Print this page, or send the address to one person.
invitation-code = A code that leads to the invitation
invitation-until = It stands until { $until }.
invited-state = You are invited to { $network }. Choose a password, and you are in.
invited-settled = You belong here already, as { $name }; by this name you sign in.
invited-button = Come in
invited-gone-title = This invitation is over
invited-used = It was used already: each lets one person in, once.
invited-expired = Its time has run out.
invited-gone-remedy = Ask whoever invited you for another one.
me-state = You, in { $network }.
me-roles = Your roles
me-delegations = Who acts for whom
me-no-delegations = Nobody acts in your name, and you act in nobody's.
me-signed-in = Where you are signed in
me-sessions = { $count ->
    [one] Only here.
   *[other] In { $count } places, this one among them.
}
me-sign-out-elsewhere = Sign out everywhere else
me-password = Another password
me-password-old = Your password now
me-password-new = Your new password
me-password-button = Change it
me-password-changed = Your password is changed, and you are signed out everywhere else.
me-password-wrong = That is not your password; nothing was changed.

## Home
home-hello = Hello { $name }
home-state = { $count ->
    [0] nothing needs you right now
    [one] one thing needs you
   *[other] { $count } things need you
}
home-offers = What you can borrow
home-whole-board = The whole board
home-last = What happened last
look-at-it = Look at it
see-what-for = See what for
needs-return = { $thing } { $due }.
needs-fee = You owe { $amount }.
needs-hand-over = { $who } waits for { $thing }.
needs-vote = Your vote is missing: "{ $title }", until { $due }.
needs-review = "{ $title }" is due to be looked at again, until { $due }.
needs-case = You look into a case, until { $due }.
needs-matched = { $count ->
    [one] There is something for "{ $need }".
   *[other] There are { $count } things for "{ $need }".
}
needs-applications = { $count ->
    [one] Somebody would like to join.
   *[other] { $count } people would like to join.
}

## Board, things, loans
board-nearest = What you can borrow, nearest first.
board-oldest = What you can borrow, oldest offer first.
board-empty = Nothing is offered right now. As soon as somebody lends something, it stands here.
board-needed = What is needed
board-offered = What is offered
need-new = Say what you need
need-what = What do you need?
need-until = Until when?
need-kind-help = If there is a kind for it, we find what would do.
need-button = Put it on the board
need-by = { $who } needs this
need-by-until = { $who } needs this, until { $until }
need-yours = yours
need-over = not needed any more
need-matches = What would do
need-matches-other = What there is already
need-no-match = There is nothing yet that would do.
need-not = What will not do, and why
need-take-off = I do not need it any more
match-kind = It is a { $kind }.
match-word = It is called "{ $word }" too.
offer-new = Lend something of yours
offer-what = What do you lend?
offer-kind-help = Whoever needs such a thing finds it by its kind.
offer-label = Its label, if it has one
offer-label-help = A number or a word that is written on it.
offer-button = Write it down and offer it
kind-none = no kind in particular
more-about-it = More about it, if you like
day-help = "Friday", "27.11." or "2026-11-27". You can leave it open.
mistakes = Please look at this again
mistake-name = Say what it is.
mistake-day = Write a day as "Friday", "27.11." or "2026-11-27".
mistake-day-past = That day is over already.
mistake-no-unit = The rules of this network do not say what things are counted in; ask a steward.
lend-this = Offer it on the board
take-off-board = Take it off the board
see-all-things = See all things
borrow = Borrow
borrow-this = Borrow this
borrow-title = Borrow { $thing }
borrow-days = For how many days
borrow-show-price = Show the price
borrow-not-yet = You cannot borrow this yet: { $sentence }
borrow-until = { $days ->
    [one] One day
   *[other] { $days } days
}, until { $until }
borrow-line-deposit = Deposit, given back when it comes back
borrow-line-fee = Fee
borrow-line-rate = For each day begun after that day
borrow-holds = This price holds until { $until }.
borrow-button = { $days ->
    [one] Borrow for one day
   *[other] Borrow for { $days } days
}
borrow-button-deposit = { $days ->
    [one] Borrow for one day + { $sum } deposit
   *[other] Borrow for { $days } days + { $sum } deposit
}
thing = Thing
thing-whose = Whose
thing-state = State
things-count = { $count ->
    [one] 1 thing that you may see.
   *[other] { $count } things that you may see.
}
more-things = More things
things-all = All
things-mine = Mine
things-with = With me
thing-report = Report a problem with it
thing-qr = A code that leads to this page
label-link = Print labels
label-title = Labels for { $thing }
label-state = A sheet of 24; print this page.
story-title = A thing of a network
story-belongs = It is part of { $network }.
story-hidden = It is part of { $network }, and its rules tell strangers nothing more.
story-go-on = Go on as a member
story-found = Have you found it? A member of this network knows where it belongs.
thing-here = here
thing-lent = on loan to { $who }
thing-lent-until = on loan to { $who }, { $due }
thing-promised = promised to { $who }
thing-with = with { $who }
thing-belongs-to = Belongs to
thing-is-with = Is with
thing-kind = Kind
thing-training = Needs training
thing-there = Why it stands on your board where it does
thing-label = Label
thing-may = What you may do with it
thing-may-not = And what you may not, and why
might = { $act ->
   *[other] { $what }
}
see-the-loan = See the loan
what-happened = What happened
nothing-yet = Nothing yet.
loans = Loans
loans-summary = { $count ->
    [0] Nothing is out or promised.
    [one] One thing is out or promised.
   *[other] { $count } things are out or promised.
}
loan-out = out
loan-out-until = out, { $due }
loan-promised = promised, to be handed over
loan-take-back = It is back
loan-hand-over = Hand it over
loan-call-off = Call it off
open-payments = Open payments
nobody-owes = Nobody owes anything.
fee-owed = { $who } owes { $to } { $amount }
fee-what = { $kind ->
    [late] a late day of { $thing }, since { $since }
   *[other] a fee of { $thing }, since { $since }
}
fee-paid = It was paid
fee-let-go = Let it go instead
fee-waive = Waive { $amount }

## People, joining
people-count = { $count ->
    [one] One member that you may see.
   *[other] { $count } members that you may see.
}
people-does = Does
people-trained = Trained for
people-since = Since
more-people = More people
person-not-member = does not belong to this network
person-member = belongs to this network
person-member-since = belongs to this network since { $since }
person-me = What is mine
person-lacks-account = { $name } has no way to sign in yet.
person-give-account = Make an invitation
person-things = What is theirs
who-wants-to-join = Who wants to join
joining-none = Nobody has asked.
application-status = { $status ->
    [waiting] { $who } has asked to join.
    [accepted] { $who } was let in.
    [declined] { $who } was turned down.
    [withdrawn] { $who } did not want to any more.
   *[other] { $who } was not answered in time.
}
application-vouched = { $so-far ->
    [0] It takes { $takes } who vouch; nobody has yet.
   *[other] It takes { $takes } who vouch; so far: { $names }.
}
step-application-withdraw = I do not want to any more
step-application-accept = Let them in
step-application-decline = Turn them down
step-application-vouch = I vouch for them
tables-title = Take in a table
tables-state = Members, things, loans or balances, as you keep them so far.
tables-which = What is in it?
tables-members = Members
tables-things = Things
tables-loans = Loans
tables-balances = Balances
tables-valueflows = Anything, as ValueFlows writes it down
tables-file = A file (a table or ValueFlows)
tables-text = Or paste it here
tables-text-help = The first line says what the columns are. Rows copied from a spreadsheet will do.
tables-try = See what would come of it
tables-try-again = Look again
tables-take = Take it in
tables-faults = { $count ->
    [one] Nothing was taken in: one line has to be mended.
   *[other] Nothing was taken in: { $count } lines have to be mended.
}
tables-line = Line { $line }:
tables-mend = Mend them below, or in your file, and try again.
tables-good = { $rows ->
    [one] One row can be taken in as it stands. Nothing is taken yet.
   *[other] All { $rows } rows can be taken in as they stand. Nothing is taken yet.
}
tables-taken = { $rows ->
    [one] One row was taken in.
   *[other] { $rows } rows were taken in.
}
tables-known = All of it is here already; nothing was added.
tables-notes = What was noticed
tables-columns = The columns that each table can have
tables-too-large = This table is longer than one that can be taken in here.
tables-too-large-remedy = Take it in in parts, or ask whoever runs this node.

## Journal, explanations
journal-state = What you may see of what was asked and decided, newest first.
journal-empty = Nothing yet that you may see.
journal-when = { $when } · entry { $seq }
journal-all = All
journal-mine = Mine
journal-refused = Refused
journal-rules = Rules and people
audit-link = Check and keep it
audit-title = Check the journal
audit-state = { $entries ->
    [one] one entry so far
   *[other] { $entries } entries so far
}
audit-what = Every entry holds what was asked, how it was decided and what came of it, chained to the one before. Checking it judges all of that again by the rules of its time, and compares.
audit-button = Judge everything again
audit-elsewhere = Up to { $most } entries are checked from here, by a steward. Whoever has the books checks more of them with
audit-good = Everything is as it was written, and comes out as it did.
audit-bad = Something is not as it was written. Tell whoever runs this node, and keep this page.
audit-found = { $entries } entries, { $decisions } decisions judged again; { $erased ->
    [0] nothing was erased.
   *[other] of { $erased } something personal was erased.
}
audit-download = What you may see of it, as a table (CSV)
audit-signed = What is signed
audit-signed-why = Whoever keeps these lines can see later that nothing before them was changed.
why-refused-title = Refused
why-done = Done
why-not-possible = That was not possible
why-asked = Asked for: { $asked }
why-what-to-do = What you can do:
why-wrong = You think that this is wrong?
why-wrong-say = Say why; somebody who is no party looks into it
why-appeal = Appeal against it
why-nothing-changed = Nothing was changed. Decided { $when }, entry { $seq } of the journal.
why-written = Written down { $when }, entry { $seq } of the journal.
why-written-permitted = Written down { $when }, entry { $seq } of the journal, permitted by: { $rules }.

## Cases
cases = Cases
case = A case
cases-state = When you think that a decision was wrong, or that something is not as it should be.
cases-none = There is none that concerns you.
cases-yours = You look into it
report-something = Report something
report-what = What is it?
report-against = Is it about somebody? Their name, if so
report-who-reads = You, whoever it is about, and whoever looks into it can read this; nobody else.
report-button = Report it
exceptions-made = Exceptions that were made
exception = { $who } may { $act }{ $about ->
    [0] {""}
   *[other] {" "}({ $thing })
} once{ $although ->
    [0] {""}
   *[other] {" "}although "{ $rule }"
}, { $status ->
    [standing] until { $until }
    [used] which was used
    [withdrawn] which was taken back
   *[other] which nobody used
}: { $reason } ({ $by })
case-what = { $kind ->
    [appeal] { $author } thinks that a decision was wrong
   *[other] { $author } reported something
}
case-status = { $status ->
    [open] is looked into
    [upheld] closed: it stays as it was
    [reversed] closed: it was wrong, and is put right
    [mediated] closed: they agreed on something
   *[other] taken back
}
case-between = Between
case-assignee = Looked into by
case-nobody-yet = nobody yet
case-about = About
case-decision = The decision
case-said = What was said
case-said-gone = What was said here is gone.
case-say = Say something
case-say-button = Say it
case-how-ends = How does it end?
case-upheld = It stays as it was
case-excepted = It was wrong: { $who } may do it once
case-reversed = It was wrong, and I put it right myself
case-mediated = They have agreed on something
case-close = Close the case

step-title = A second step when you sign in
step-off = Your password alone lets you in.
step-on = Since { $since }, signing in takes a code too.
step-what = With a second step, whoever learns your password still does not get in: they also need a code that your telephone shows, a new one every half minute. Any program for such codes will do.
step-begin = Set it up
step-scan = Read this picture with the program on your telephone that makes codes.
step-picture = A code that your telephone reads
step-type = Or type this into it:
step-code = The code that it shows now
step-confirm = Ask me for codes from now on
step-stop = Do not set it up
step-codes-made = Write these down before you go on
step-codes-keep = Each of them lets you in once in place of a code, when your telephone is lost or empty. They are not shown again.
step-codes-left = { $left ->
    [0] You have no codes on paper left. Make new ones.
    [one] You have one code on paper left.
   *[other] You have { $left } codes on paper left.
 }
step-codes-renew = Make new codes on paper
step-let-go = Without a second step
step-off-button = Let my password alone suffice
sign-in-code = And a code
sign-in-code-state = Your password is right. What does your telephone show?
sign-in-code-paper = Telephone lost? One of your codes on paper does as well.
sign-in-again = Begin again
sign-in-lost = Lost your password or your telephone? Two people whom the rules name let you in again: ask them for a link.
let-back-title = Cannot sign in any more
let-back-what = Has this member lost password or telephone, and asks to be let in again? Two people say that it is really them; then a link gives them another password. The member is told who said so.
let-back-say = It is { $name } who asks
let-back-said = { $names } said so, last on { $when }.
let-back-link-what = Two have said so. Make the link and give it to them yourself: it gives them another password, once.
let-back-link = Make the link
let-back-told = { $complete ->
    [1] { $names } said on { $when } that it is you who asks to be let in again, and can give out a link to your account. If you did not ask for that, tell a steward at once.
   *[other] { $names } said on { $when } that it is you who asks to be let in again. If you did not ask for that, tell a steward at once.
 }
way-back-title = A way back in for { $name }
way-back-how = Give this link to nobody but them: whoever opens it chooses a new password for their account. Their second step and their other sessions end.
way-back-state = Choose another password, and you are in again. Your second step, if you had one, is gone; you can set it up anew.
desk = The desk
desk-scan = Who, or what?
desk-scan-thing = What do they have in their hands?
desk-scan-help = Scan a card or a label, or type a name or the number on the label.
desk-look = Look it up
desk-unknown = Nobody and nothing here is called "{ $text }", and no label says so.
desk-which = Which one?
desk-days = For how many days?
desk-lend = Lend it to { $name }
desk-ask-who = Who takes it? Scan their card, or type their name.
desk-waits = Kept for them
desk-has = They have
desk-owes = They owe
desk-nothing-open = Nothing is open.
desk-next = The next one
desk-done-out = Handed over. It is written down.
desk-done-back = Taken back. It is written down.
desk-done-paid = Paid. It is written down.
desk-open = To the desk
stock = Stock-take
stock-what = Scan everything on a shelf; what the books say of it is shown beside.
stock-whose = Whose things should be there?
stock-everybody = Everybody's
stock-codes = What is there
stock-codes-help = One a line. A scanner does that by itself.
stock-button = Compare with the books
stock-nothing = Scan something first.
stock-much = That is more than { $most } lines; take a shelf at a time.
stock-state = { $here } as the books say, { $missing } not found, { $surprising } here unexpectedly.
stock-missing = Should be here and was not scanned
stock-surprising = Here, though the books say otherwise
stock-here = Here, as the books say
stock-unknown = Nothing is known by these
card-title = Your card
card-what = Show or print it: at the desk it says who you are. Nobody can sign in with it.
card-picture = A code that says who you are
feed-title = Notices outside
feed-state = What waits for you here, in your calendar and in a feed reader.
feed-make = Make my addresses
feed-again = Make other addresses
feed-off = No addresses any more
feed-has = You have addresses. Making others voids them.
feed-made = These are yours alone
feed-keep = Put them into your calendar and your feed reader. They are not shown again; whoever has them reads what waits for you, and can do nothing with it.
feed-atom = Feed
feed-calendar = Calendar
feed-name = { $network }: waits for you
nav-keeping = Keeping
nav-operator = The node
keeping-state = { $members } have belonged or do, { $waiting } ask to join.
keeping-joining = Who asks to join
keeping-tables = Take in a table
keeping-calculations = What calculates
keeping-no-calculations = No calculation is at work here; the rules stand by themselves.
keeping-answering = Each of them answered every time in the newest { $last } entries.
keeping-failing = In the newest { $last } entries some gave no answer; what was asked then was refused, and nothing was recorded. Tell whoever runs the node, who can pause it, or write a rule change.
keeping-acts = For
keeping-failed = No answer
keeping-uses = What the network uses
gauge-what = { $kind ->
    [pictures] Pictures
    [bytes] Journal
    [records] Records
    [entries] Entries today
   *[plugins] Calculating today
 }
gauge = { $kind ->
    [pictures] { $used } kB
    [bytes] { $used } kB
    [plugins] { $used } s
   *[other] { $used }
 }
gauge-of = { $kind ->
    [pictures] { $used } of { $most } kB
    [bytes] { $used } of { $most } kB
    [plugins] { $used } of { $most } s
   *[other] { $used } of { $most }
 }
calculation = Calculation
operator-title = The node
operator-state = ReflowOS { $version }, { $networks ->
    [one] one network
   *[other] { $networks } networks
 }, { $components ->
    [one] one calculation
   *[other] { $components } calculations
 } on the shelf.
operator-network-state = { $state ->
    [live] lives here
    [moved] has moved away
    [copy] is only read here
   *[other] is arriving
 }
operator-sandbox = for trying out
operator-entries = { $entries } entries, the newest by somebody on { $since }
operator-pause = Pause it for safety
operator-resume = Let it go on
operator-hours = For how many hours?
operator-found = Found networks
operator-shelf = These rules lie on the shelf; whoever has a link founds a network by one of them.
operator-link = Make a link
operator-link-made = Whoever opens this link founds one network, within two weeks. It is not shown again.
problem-stewards = That is a page for stewards.
problem-stewards-remedy = Ask one of them; everybody sees who they are under People.
photo-of = { $thing }, photographed
photo-add = Add a photograph
photo-other = Another photograph
photo-choose = Which one?
photo-help = A photograph as your telephone takes it, 12 MB at the most. Only what is seen is kept; where and when it was taken is not.
photo-button = Show it here
photo-remove = No photograph any more
photo-too-large = That is larger than a photograph that can be shown here.
photo-unknown = That is no photograph that can be read.
photo-remedy = Send one as JPEG, PNG or WebP, 12 MB at the most.
papers-title = Papers
paper-about = ({ $kind ->
    [pdf] PDF
   *[other] text
  }, { $size })
paper-add = Add a paper
paper-choose = Which one?
paper-help = Instructions, a receipt, a certificate: a PDF or plain text, 4 MB at the most. Of a PDF only its pages are kept; who made it and when is not.
paper-button = Put it here
paper-remove = Take away
paper-remove-this = Take away { $name }
paper-too-large = That is longer than a paper that can be kept here.
paper-unknown = That is neither a PDF that can be read nor plain text.
paper-locked = That PDF asks for a password.
paper-many = A thing has at most eight papers.
paper-remedy = Send a PDF without a password, or plain text, 4 MB at the most. Where there are eight already, take one away first.
acting-for = { $by }, for { $for }
acting-stop = Stop acting for them
acting-begin = Act for them now
delegate-title = Let { $name } act in your name
delegate-whose = In whose name?
delegate-mine = Mine
delegate-what = What may they do?
delegate-until = Until when?
delegate-button = Let them
delegate-end = End it
delegable = { $act ->
    [borrow] Borrow
    [publish] Offer and ask on the board
    [withdraw] Call loans off
    [record] Hand over, take back, pay
    [waive] Let payments go
   *[revise] Change how things are described
 }
problem-day = That is no day that can be read.
problem-day-remedy = Write it as in 2026-12-24, 24.12.2026, or friday.
delegate-see = They see in any case what is to be seen by whoever they act for.
year-title = When it was out
year-out = Out on { $days ->
    [one] one day
   *[other] { $days } days
 } of the past year; a column is a week, the light days are still promised.
edit-title = How it is described
edit-link = Change how it is described
edit-me = Change what I am called
edit-part = { $part ->
    [name] Name
    [note] Note
   *[label] Number on the label
 }
edit-button = Change it
edit-stale = Somebody has changed this meanwhile.
edit-stale-remedy = Below is what you typed, and beside it what it is now. Send it again as you want it to be.
edit-now = It is now: { $now }
edit-now-nothing = There is nothing now.
edit-long = That is longer than { $most } characters.
edit-no-name = Everything has a name; write one.

# A key of one's own.
key-title = Sign with a key of your own
key-none = You have no key of your own here: this node acts on your word, because you signed in.
key-since = Since { $since } you sign with a key of your own, { $held ->
    [browser] kept by a browser
   *[own] kept outside any browser
 }.
key-what = What you sign with it, nobody else can have done, not even whoever runs this node. Some rules ask for it. You need none to take part.
key-begin = Begin to sign
key-next = Change to the next key
key-browser = Make a key that this browser keeps
key-browser-next = Change to the next key that this browser keeps
key-shown = What your program shows of the key
key-shown-help = Three words with dots between, as the program on your own computer shows them:
key-shown-wrong = This is not what a program shows of a key: three words with dots between, the first begins with z6Mk.
key-go-on = Go on
key-guardians = Who can give you another key if you lose yours
key-guardians-help = Names of members, one a line. If you name nobody, two stewards can.
key-guardians-now = Who can give you another key
key-needed = How many of them have to agree
key-nobody = Nobody here is called { $name }. Write the names of members, one a line.
key-lost = The key is lost
key-lost-what = Make another one, and give what is shown of it to those who can give you another key. They enter it on your page. When enough of them have, it is yours.
key-lost-title = Lost their key?
key-lost-said = { $names } said so.
key-lost-shown = What { $name } gave you of their new key
key-lost-say = It is { $name } who asks, and this is their new key
sign-title = Sign this
sign-text = What you sign
sign-how = If the field below stays empty, sign the text with the program on your own computer and put in what it says:
sign-signature = Your signature
sign-button = Send it, signed
sign-cut = This is no signature. It has 128 digits and letters from a to f.
sign-own-hand = Nobody signs for somebody else. Stop acting for them first.
sign-again = Sign it and ask again
signed-by = { $by ->
    [browser] Signed with a key that their browser keeps.
    [own] Signed with a key of their own.
   *[node] On the word of whoever signed in.
 }
event-corrected = correction: { $said }

event-signed = { $said } · signed with { $by ->
    [browser] a key that their browser keeps
   *[own] a key of their own
 }

# Letters by mail.
mail-title = Letters by mail
mail-what = What waits for you can come by mail, at most every few hours, and nothing twice. Mail is read on its way by those who carry it: the letters name things and people.
mail-to = Letters go to { $address }.
mail-asked = Open the letter that was sent to { $address }: it asks whether that address is yours.
mail-address = Your mail address
mail-begin = Write to this address
mail-no-address = This is no mail address. It looks like name@example.org.
mail-subject = { $network }: { $count ->
    [one] something waits for you
   *[other] { $count } things wait for you
 }
mail-end-text = { $network } writes to you because you asked for it. To end these letters:
mail-confirm-subject = { $network }: is this your address?
mail-confirm-text = Somebody in { $network } wants to be told by mail, at this address, of what waits for them. If it was you, open this and agree:
mail-confirm-not-you = If it was not you, do nothing: no more letters come.
mail-asks = { $what ->
    [confirm] Do you want to be told by mail of what waits for you?
   *[end] Do you want no more letters?
 }
mail-do = { $what ->
    [confirm] Yes, write to me
   *[end] End the letters
 }
mail-done = Done.
mail-link-void = This link leads nowhere any more: the address has changed, or the letters have ended.

# Signing in through another service.
through-go = Sign in through { $name }
through-in = { $name } says that it is you. You are signed in.
through-on = Go on
through-unknown = Nobody here is tied to you at { $name }. Sign in with your password and tie it on your own page.
through-tied = From now on you can sign in through { $name }.
through-anothers = Somebody else here is tied to you at { $name } already.
through-strayed = This way was not begun in this browser, or too long ago. Begin again.
through-away = The other service gives no answer that makes sense. Sign in with your password.
through-title = Signing in through { $name }
through-has = You can sign in through { $name }. Whoever gets in there gets in here.
through-what = You can sign in with what you are called at { $name }, beside your password. { $name } learns when you do.
through-tie = Sign in through { $name } from now on
through-end = No more through { $name }

# Pictures of what moved.
hands-picture = Through whose hands it has gone: a row for each of them, with the numbers of the names below.
flows-title = What moved between whom
flows-state = The newest of what you may see. The wider a band, the more often.
flows-picture = Bands from those who gave, on the left, to those who got, on the right, with the numbers of the table below.
flows-from = From
flows-to = To
flows-count = How often
flows-others = { $count } more, each between others.

# Notices on paper.
printed-title = Notices to print
printed-state = For those who cannot sign in here: what they have, what waits for them, what they owe. Print the page and hand it out.
printed-without = Only those who cannot sign in
printed-all = Everybody
printed-nothing = Nothing waits for anybody here.
printed-from = From { $network }, { $today }
printed-has = You have { $thing }: { $due }.
printed-waits = { $thing } is kept for you.
printed-owes = You owe { $amount }.
printed-more = More members
problem-too-large = What you sent is too large: { $most } KiB at most.
problem-too-large-remedy = Nothing was taken. Make it smaller, or send it in parts.
sign-own-hand-remedy = Go to your own page, and stop acting for somebody there.
key-shown-wrong-remedy = Have it shown again, and copy all three words.
mail-no-address-remedy = Go back and write it again.
mail-link-void-remedy = Whoever is written to sees it on their own page.
through-strayed-remedy = Go to the page on which you sign in. Nothing has happened.
through-away-remedy = Or wait a while and try again.

# Passkeys.
passkey-title = Passkeys
passkey-state = A passkey lets you sign in without a password: your telephone, computer or stick keeps it and asks you for it.
passkey-one = { $name }, since { $since }
passkey-forget = Let it go
passkey-name = What you call it
passkey-make = Make a passkey
passkey-not-made = No passkey was made. Try again, and answer within five minutes.
passkey-enough = You have as many passkeys as anybody may have. Let one go first.
passkey-ask = { $what ->
    [make] Make a passkey
   *[get] Sign in with a passkey
 }
passkey-go = { $what ->
    [make] Make it now
   *[get] Use it now
 }
passkey-without = This browser has no passkeys, or its scripts are off. You can always sign in with your password.
passkey-back = Back
passkey-sign-in = Sign in with a passkey
passkey-not-you = That is no passkey of theirs, or it took longer than five minutes.
passkey-not-you-remedy = Try again, or sign in with your password.

# What the books come to.
sums-title = In numbers
sums-of = { $of ->
    [stock] What is there
    [promised] Promised and done
    [given] Who gave what
   *[money] In and out
}
sums-state = { $of ->
    [stock] Everything that you may see: what kind it is of, how much of it there is, whose it is and who has it.
    [promised] What was promised, and how much of it is done. What is open comes first.
    [given] How often somebody gave, lent, made or worked, and how much that comes to.
   *[money] What came in and what went out, period by period, the newest first, and what it came to.
}
sums-picture = { $of ->
    [stock] A bar for each kind, with the numbers of the first table below: first what is with whom it belongs to, then what is with others.
    [promised] A bar for each promise, with the numbers of the table below: first what is done, then what is left.
    [given] A bar for each line of the table below, with its number: how often.
   *[money] Two bars for each period, the oldest on the left: what came in, and what went out. The dark steps are what it came to.
}
sums-column = { $column ->
    [name] Thing
    [conformsTo] Kind
    [onhandQuantity] How much
    [primaryAccountable] Whose
    [custodian] With whom
    [currentLocation] Where
    [what] What
    [provider] From
    [receiver] To
    [promised] Promised
    [done] Done
    [remaining] Left
    [due] By
    [finished] Kept
    [agent] Who
    [action] What they did
    [events] How often
    [amount] How much
    [period] Period
    [in] In
    [out] Out
    [net] Difference
   *[balance] Comes to
}
sums-done = { $done ->
    [yes] yes
   *[no] open
}
sums-whose = Whose
sums-unit = Counted in
sums-per = A line for each
sums-period = { $per ->
    [day] day
    [week] week
    [year] year
   *[month] month
}
sums-show = Show
sums-home = With its owner
sums-out = With others
sums-payment = Payment
sums-no-kind = of no kind
sums-more = { $count } more lines are in the table as a file.
sums-file = The whole table as a file for a spreadsheet
deed = { $action ->
    [produce] made something
    [consume] used something up
    [use] used something
    [work] worked
    [cite] worked by something
    [deliverService] did something for somebody
    [pickup] picked something up
    [dropoff] brought something
    [accept] took something in hand
    [modify] worked on something
    [combine] packed something
    [separate] unpacked something
    [transferAllRights] gave for good
    [transferCustody] handed over
    [transfer] gave for good
    [move] moved something
    [copy] copied something
    [raise] wrote something down
   *[lower] wrote something off
}

rounds = Rounds
rounds-about = What is offered goes to those who need it: a rule of this network says who gets how much, and why.
rounds-no-rule = No rule of this network says who would get what. A rule change can bring one in.
rounds-none = Nothing is both offered and needed now, of one kind and with an amount.
rounds-promised = Promised in rounds
round-amounts = { $offered } offered, { $needed } needed
round-share-out = Share out
round-share-out-what = Share out: { $what }
round-gives = Gives
round-gets = Gets
round-what = What
round-amount = How much
