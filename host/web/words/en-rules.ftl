# What is done, decided and voted on, in English.

## Events
event = { $action ->
    [transferCustody] { $from } handed { $thing } to { $to }
    [pay] { $from } paid { $to } { $amount }
    [transfer] { $from } gave { $thing } to { $to } for good
    [transferAllRights] { $from } gave { $thing } to { $to } for good
    [raise] { $to } wrote down { $thing }
    [produce] { $to } made { $thing }
    [lower] { $from } wrote off { $thing }
    [consume] { $from } used up { $thing } ({ $amount })
    [use] { $from } used { $thing } ({ $amount })
    [work] { $from } worked { $amount }
    [cite] { $from } worked by { $thing }
    [pickup] { $from } picked { $thing } up
    [dropoff] { $from } brought { $thing }
    [accept] { $from } took { $thing } in hand
    [modify] { $from } worked on { $thing }
    [combine] { $from } packed { $thing }
    [separate] { $from } unpacked { $thing }
    [copy] { $from } copied { $thing }
    [move] { $from } moved { $thing }
    [deliverService] { $from } did something for { $to }
    [own] { $from }: { $deed } · { $thing }
   *[other] something was recorded
}
follows = { $kind ->
    [loan] { $from } will hand it to { $to }.
    [return] { $from } brings it back by { $due }.
    [deposit] { $from } leaves { $amount } as a deposit.
   *[fee] { $from } owes { $to } { $amount }.{ $settled ->
        [0] {""}
       *[other] {" "}Settled.
    }
}

## Acts
act-accept = { $who } asked to borrow { $thing } until { $until }
act-written-down = { $what } was written down
act-written-down-reported = { $what } was written down, as told from elsewhere
act-publish = { $kind ->
    [request] a need was put on the board: { $what }
   *[other] an offer was put on the board: { $what }
}
act-withdraw = a loan was called off
act-allocate = what was offered was shared out
act-waive = a payment was waived: { $reason }
act-revise = how { $what } is described was changed
act-fall-due = something fell due
act-fall-due-thing = { $thing } was due
act-commit = a promise was made
act-claim = { $to } can ask { $from } for something
act-state = { $what } was counted, as told from elsewhere
act-reported = { $said } (told from elsewhere)
act-found = { $name } was founded
act-found-network = the network { $name } was founded
act-adopt-network = the network { $name } came here from another node
act-move-network = the network moved to another node
act-shelve = { $plugin } was laid on the shelf
act-admit = { $who } was admitted
act-train = { $who } was trained for { $training }
act-delegate = { $from } lets { $to } act in their name until { $until }
act-revoke = a permission to act for another ended
act-advance-clock = the calendar was moved by { $days ->
    [one] one day
   *[other] { $days } days
}
act-stop = { $kind ->
    [network] whoever runs the node paused everything until { $until }: { $reason }
    [rule] the rule "{ $name }" is suspended until { $until }: { $reason }
   *[part] whoever runs the node paused "{ $name }" until { $until }: { $reason }
}
act-revoke-plugin = whoever runs the node revoked { $what }: { $reason }
act-unrevoke-plugin = { $what } is not revoked any more
act-withhold-nothing = every calculation is in use again
out-of-use = { $kind ->
    [instead] The calculation "{ $name }" is out of use: { $reason } What was at work here before answers in its place.
   *[refused] The calculation "{ $name }" is out of use: { $reason } What needs it is refused until other rules come into force.
}
act-resume = a pause ended before its time
act-restore-rule = a suspended rule is in force again
act-grant-role = { $who } has the role { $role } now
act-grant-role-until = { $who } has the role { $role } until { $until }
act-end-role = { $who } does not have the role { $role } any more
act-restore-access = { $who } has lost their way to sign in, and it is them who asks for another
act-key = { $step ->
    [enrolKey] a key of their own signs what they do from now on
    [rotateKey] the next key takes the place of the one in use
    [recoverKey] { $who } has lost their key and is to have another
   *[other] others are named who give another key
 }
act-suspend = { $who } is suspended until { $until }
act-reinstate = { $who } is not suspended any more
act-end-membership = the membership of { $who } ended
act-leave = { $who } left
act-amend = { $step ->
    [draft] the rule change "{ $what }" was written down
    [redraft] the rule change "{ $what }" was written anew
    [sponsor] somebody else wants the rule change "{ $what }" discussed
    [freeze] the vote on the rule change "{ $what }" began
    [cast] somebody voted on the rule change "{ $what }"
    [enter] a vote on the rule change "{ $what }" was entered from paper
    [override] a vote began on whether the rule change "{ $what }" is held up any longer
    [withdraw] the rule change "{ $what }" was taken back
   *[renew] the rule change "{ $what }" was looked at again, and stays
}
act-amend-because = { $step ->
    [veto] the rule change "{ $what }" is held up: { $reason }
   *[recover] whoever runs the node brought other rules, to which any member can say no: { $reason }
}
act-appoint-proxy = a vote of { $who } may count for somebody else too
act-end-proxy = a vote counts for somebody else no more
act-lapse = a time was over
act-lapse-role = the time of a role or a suspension was over
act-lapse-amendment = the time came for the rule change "{ $what }": { $is }
act-apply = { $who } asked to join
act-vouch = somebody vouched for { $who }
act-certify = { $who } was certified for { $what }
act-accept-application = { $who } was let in
act-decline-application = { $who } was turned down
act-take-back-application = { $who } does not want to join any more
act-grant-exception = an exception was made for { $who } until { $until }: { $reason }
act-withdraw-exception = an exception was taken back
act-case = { $step ->
    [appeal] somebody appealed against a decision
    [report] somebody reported something
    [say] something was said in a case
    [assign] somebody else looks into a case
    [close] a case was closed
   *[withdraw] a case was taken back
}
act-erase = { $unlawful ->
    [0] what was personal about somebody was erased: { $reason }
   *[other] whoever runs the node erased what must not be kept: { $reason }
}
effect-unknown = something that nobody can read any more

## The rules' own page
rule = Rule
rules-translation = This is a translation. The text that counts is the one in "{ $language }".
rules-how-changed = How these rules are changed
rules-house = Joining, and cases
rules-one-by-one = Rule by rule
rules-about = Rules that have a say in "{ $act }"
rules-mine = Those that have a say in what you do are marked.
rules-about-you = about you
rules-forbids = forbids
rules-permits = permits
rule-used = How it was used so far
rules-protected = protected
rules-calculated = What is calculated
rules-fingerprint = The fingerprint of these rules
rules-who-decided = Who decided, and since when
rules-since = In force since { $day }, entry { $seq } of the journal.
rules-since-entry = In force since entry { $seq } of the journal.
rules-decided-by = The change that made them so: "{ $title }"
rules-from-founding = They are as they were founded.
rules-used-link = How the rules are used
used-summary = Of the newest { $commands } things that were asked for, { $refused } were refused.
used-permitted = Permitted
used-refused = Refused
used-excepted = Excepted
used-appeals = Appeals
used-no-longer = (no longer)
used-never = Never used so far
risk = { $risk ->
    [parameter] a setting
    [rule] a rule
    [membership] who belongs
    [constitution] the constitution
   *[other] nothing
}
rules-cases = Somebody with the role { $roles } looks into a case within { $days ->
    [one] a day
   *[other] { $days } days
}.
rules-joining = { $way ->
    [open] Whoever asks belongs.
    [application] Whoever asks belongs when somebody says yes.
    [vouching] Whoever asks belongs when { $vouchers ->
        [1] one
       *[other] { $vouchers }
    } { $of ->
        [members] members
       *[roles] of those with the role { $roles }
    } vouch for them.
   *[certification] Whoever asks belongs when { $vouchers ->
        [1] one
       *[other] { $vouchers }
    } of those with the role { $roles } certify what they can do.
}
rules-probation = For { $days ->
    [one] one day
   *[other] { $days } days
} they are a { $role } first.
rules-decision = It takes: { $rule }. It is discussed for { $discussed ->
    [one] one day
   *[other] { $discussed } days
} at least, voted on for { $voted ->
    [one] one day
   *[other] { $voted } days
}, and in force { $waits ->
    [one] one day
   *[other] { $waits } days
} after.{ $sponsors ->
    [0] {""}
    [one] {" "}Somebody else has to want it discussed.
   *[other] {" "}{ $sponsors } others have to want it discussed.
}
rules-method = { $method ->
    [majority] more for it than against it
    [supermajority] { $share } of those for and against are for it
    [absolute] more than half of all who could vote are for it
    [consent] nobody has a reason why it must not be
    [consensus] { $n ->
        [0] nobody is against it
       *[other] at most { $n } are against it
    }
    [lazy] at most { $n } object
    [advice] { $n } gave advice
    [approval] it will do for most
    [score] it has the most points
   *[ranked] it is better than every other, compared one by one
}
rules-counted = the calculation "{ $by }" says so
rules-chamber = of those with the role "{ $role }": { $takes }
rules-quorum-heads = { $takes }, and { $heads ->
    [one] one person takes part
   *[other] { $heads } people take part
}
rules-quorum-share = { $takes }, and { $share } of all who could vote take part

## Rule changes
rule-changes = Rule changes
changes-state = What is discussed, voted on, and decided.
changes-none = Nobody has changed a rule yet.
changes-votes = your vote is missing
change-new-link = Write down a rule change
change-new-state = Change what you would have different. Nothing changes before others have discussed it and voted on it.
change-new-title = What to call it
change-new-settings = What is so now
change-new-button = Write it down
change-author = Written by { $author }.
change-sponsors = Wanted discussed by { $names }.
change-held-up = Held up: { $reason }
change-instead-of = Instead of "{ $other }": at most one of them comes of the vote.
change-differences = What would be different
change-what-if = What would it have meant so far?
change-problems = Why it cannot be in force
change-tried = How it was tried
change-how-decided = How it is decided
change-stake = At stake: { $stake }.
difference-setting = { $title }: { $was } becomes { $becomes }.
amendment-status = { $status ->
    [draft] a draft that waits for others who want it discussed
    [sponsored] is discussed
    [voting] is voted on
    [waiting] accepted, and waits to be in force
    [enacted] in force
    [review-due] in force, and due to be looked at again
    [rejected] not accepted
    [no-quorum] not decided: too few took part
    [tied] not decided: as many for it as against it
    [vetoed] held up
    [superseded] overtaken by another change: it has to be written anew
    [failed] accepted, but could not be put in force
    [withdrawn] taken back
   *[sunset] ended, since nobody renewed it
}
step-sponsor = I want this discussed
step-sponsor-too = I want this discussed too
step-withdraw = Take it back
step-freeze = Begin the vote
step-keep = No, we keep our rules
step-veto = Hold it up
step-override = Ask everybody whether it goes on
step-renew = It stays
vote-yours = Your vote
vote-yours-change = Your vote, which you can change until the vote closes
vote-choose = You are
vote-approval = Every one that would do
vote-score = Points for each, more for the better
vote-ranked = A place for each, 1 for the best
vote-yes = for it
vote-no = against it
vote-abstain = neither
vote-object = against it, and here is why it must not be
vote-why = Why, if you like
vote-sealed = Your vote stays closed until this vote is over, and is shown to nobody here. Whoever runs this node could read it on its disk.
vote-button = Vote
vote-progress = How many have voted
vote-as-it-is = Things stay as they are
tried-past = { $failed ->
    [0] On what happened so far: { $words }
   *[other] It could not be tried on what happened so far.
}
tried-stories = { $differ ->
    [0] Of { $played } stories about the rules as they are, all come out as they did.
    [one] Of { $played } stories about the rules as they are, one comes out differently:
   *[other] Of { $played } stories about the rules as they are, { $differ } come out differently:
}
tried-story = "{ $name }": { $how }

## Votes counted
tally-option = option { $n }
tally-accepted = Accepted.
tally-accepted-option = Accepted: { $name }.
tally-rejected = Not accepted: things stay as they are.
tally-no-quorum = Not decided: too few took part.
tally-tied = Not decided: as many are for it as against it.
tally-tied-options = Not decided: { $names } are equally good.
tally-uncounted = Not decided: what should have counted gave no answer.
tally-chamber = Those with the role "{ $role }": { $words }
tally-took-part = Of { $could ->
    [one] one person
   *[other] { $could } people
} who could vote, { $did ->
    [0] nobody
    [one] one
   *[other] { $did }
} did{ $takes ->
    [0] .
   *[other] ; it takes { $takes }.
}
tally-strangers = Not counted: { $n } cast by people who could not vote here.
tally-spoilt = Not about what was asked: { $n }.
tally-numbers = { $method ->
    [majority] { $yes } for it, { $no } against; it takes more for it than against it.
    [supermajority] { $yes } for it, { $no } against; of these { $both } it takes { $n } for it.
    [absolute] { $yes } for it; it takes { $n } of all { $electorate }.
    [consent] { $yes } for it, { $objections } with a reason why it must not be; one such reason stops it.
    [consensus] { $n ->
        [0] { $yes } for it, { $no } against; it takes that nobody is against it.
       *[other] { $yes } for it, { $no } against; at most { $n } may be against it.
    }
    [lazy] { $objections } with a reason why it must not be; more than { $n } would have stopped it.
   *[advice] { $voted } gave advice; it takes { $n }, and then whoever proposed it decides.
}
tally-of-option = { $method ->
    [approval] { $name }: would do for { $n }
    [score] { $name }: { $n } points
    [counted] { $name }: { $n }
   *[ranked] { $name }: better than { $n } others
}

## What if
what-if-title = What it would have meant so far
what-if-words = { $refused ->
    [0] { $allowed ->
        [0] Everything would have been decided as it was
        [one] One act would have been allowed that was refused
       *[other] { $allowed } acts would have been allowed that were refused
    }
    [one] { $allowed ->
        [0] One act would have been refused
       *[other] One act would have been refused, { $allowed } newly allowed
    }
   *[other] { $allowed ->
        [0] { $refused } acts would have been refused
       *[other] { $refused } acts would have been refused, { $allowed } newly allowed
    }
}{ $following ->
    [0] .
    [one] ; one that followed from them would not have been possible.
   *[other] ; { $following } that followed from them would not have been possible.
}
what-if-coverage = { $judged } things that people did were decided again as if this had been in force; { $same } would have come out as they did.
what-if-refused = Would have been refused
what-if-allowed = Was refused, and would have been allowed
what-if-hidden = And { $count } that you may not see one by one.
what-if-people = Who would have more, or less
what-if-things = For which things
what-if-flip = { $who }, { $day }: { $sentence }
rules-desk = Write rules
rules-desk-state = Choose a rule to write anew, or begin one. Nothing is in force before members have voted on it.
rules-desk-new = A new rule
rules-desk-link = Write the rules themselves
rule-edit = Write a rule
rule-edit-link = Write it anew
rule-edit-text = The rule
rule-edit-help = As programs read it; the lines with an @ are for people. Without any text the rule is gone.
rule-edit-look = Look what would be
rule-edit-format = Put it in order
rule-edit-wrong = It cannot be read like this
rule-edit-same = Nothing: the rules stay as they are.
rule-edit-tried = What became of it when it was tried
rule-edit-write = Write it down as a rule change
rule-edit-into = Into which change?
rule-edit-own = A change of its own
rule-edit-no-title = Say in a line what would be different.
stories = What happens under these rules
stories-state = { $differ ->
    [0] All { $count } stories come out as they are told.
   *[other] Of { $count } stories, { $differ } come out differently than they are told.
 }
stories-link = What happens under these rules, story by story
story-holds = as told
story-differs = differently
story-step = At step { $step }: { $how }
story-rules = Rules that had a say
difference = { $what ->
    [forked-from] The rules say that they were made from "{ $a }" ({ $b }).
    [forked-from-nothing] The rules do not say any more what they were made from.
    [name] The rules' name: "{ $a }" becomes "{ $b }".
    [title] What the rules are: "{ $a }" becomes "{ $b }".
    [schema] What rules can speak of is not the same.
    [generation] The program judges by its generation { $a } instead of { $b }.
    [place] Where the network is: { $a } becomes { $b }.
    [trust] A new calculation has to be signed by { $a }.
    [no-trust] A new calculation needs nobody's signature any more.
    [cases] Cases: { $a }
    [no-cases] Nobody looks into cases any more.
    [stories] What happens under these rules, as it is told, is not the same.
    [joining] Joining: { $a }
    [no-joining] Nobody can ask to join any more.
    [rule-changed] Changed: { $a }.
    [rule-new] New: { $a }.
    [rule-gone] No longer: { $a }.
    [order] The calculations come in another order.
    [calculation-changed] The calculation "{ $a }" is another one.
    [calculation-reads] The calculation "{ $a }" reads of people: { $b }.
    [calculation-new] New: the calculation "{ $a }" for { $b }.
    [calculation-gone] No longer: the calculation "{ $a }" for { $b }.
    [decided] How { $risk ->
        [parameter] a setting
        [rule] a rule
        [membership] who belongs
       *[constitution] the constitution
    } is decided: "{ $b }" becomes "{ $c }"
    [decided-details] How { $risk ->
        [parameter] a setting
        [rule] a rule
        [membership] who belongs
       *[constitution] the constitution
    } is decided is not the same in its details.
    [decisions-new] New: how the rules are changed.
    [decisions-gone] No longer: any way to change the rules.
    [notices] What members are told in "{ $a }" reads differently.
    [charter-changed] The charter in "{ $a }" reads differently.
    [charter-new] New: the charter in "{ $a }".
    [charter-gone] No longer: the charter in "{ $a }".
    [unit-parts] The unit { $a } counts in other parts.
    [unit-symbol] The unit { $a } is written { $b }.
    [action-new] New: the action "{ $a }", which counts as { $b }.
    [action-note] What "{ $a }" means is said in other words.
    [action-changed] The action "{ $a }" does something else.
    [action-gone] No longer: the action "{ $a }".
    [unit-new] New: the unit { $a }.
   *[unit-gone] No longer: the unit { $a }.
 }

# What would have to be different, as the books say it.
instead-and = { $left }; and { $right }
instead-or = { $left }, or { $right }
instead-you = you
instead-this = this
instead-sign = you would have to sign it with { $by ->
    [own] a key of your own, kept outside any browser
    [browser] a key that your browser keeps
   *[node] no key of your own
 }
instead-there = there would have to be { $there ->
    [yes] something
   *[no] nothing
 } as { $what }{ $of ->
    [none] {""}
   *[other] { " for " }{ $of }
 }
instead-value = { $what ->
    [it] it
   *[other] { $what }
 } is { $is }; it would have to be { $how ->
    [less] less than { $than }
    [most] at most { $than }
    [more] more than { $than }
    [least] at least { $than }
    [but] anything but { $than }
   *[other] { $than }
 }
instead-my-role = you would { $not ->
    [not] not have to have
   *[other] have to have
 } the role { $role }
instead-role = { $who } would { $not ->
    [not] not have to have
   *[other] have to have
 } the role { $role }
instead-hold = { $what } would { $not ->
    [not] not have to hold
   *[other] have to hold
 } { $wants }

# What is wrong with rules that somebody has written.
rules-problem = { $what ->
    [locked-out] Nobody but whoever wrote this could bring a change of the rules to a vote any more.
    [few-sponsors] A change of { $risk } takes { $b } who want it discussed, and fewer could say so.
    [few-voters] { $b } besides whoever wrote this could vote on { $risk }, and it takes { $c }.
    [generation] These rules were written for another generation of the program ({ $a } instead of { $b }).
    [action-not-kept] The action "{ $a }" is gone or does something else. Entries name it, so it stays as it is.
    [not-carried] "{ $a }" is missing: every network here carries it.
    [trust-key] Trust: the key of "{ $a }" is no Ed25519 key.
    [trust-twice] Trust: one key has two names.
    [trust-needed] Trust: at least one key has to sign, and no more than there are.
    [no-decisions] They do not say how they are changed.
    [place-name] A place's name is one line of at most { $a } bytes.
    [place-zone] There is no time zone "{ $a }": write a city that has one, as in Lisbon or Europe/Lisbon.
    [cases-nobody] Nobody looks into cases: name a role for it.
    [cases-days] A case is looked into within 1 to { $a } days.
    [joining-vouchers] How many vouch or certify is a number from 1 to 16, and stands only where they do.
    [joining-certifies] Whoever certifies has a role: name it.
    [joining-questions] There are at most 16 questions for those who ask to join, and each asks something.
    [joining-probation] A probation has days and a role, or neither.
    [joining-probation-role] The role of a probation is one of its own.
    [decided-no-voters] Nobody may vote on { $risk }: name a role.
    [decided-vote-days] A vote on { $risk } lasts a day at least.
    [decided-span] For { $risk }, a span is longer than ten years.
    [decided-sponsors] For { $risk }, it takes more who want it discussed than a page has room for.
    [decided-sunset] For { $risk }: what ends unless it is renewed needs a day on which it is looked at again.
    [decided-veto] For { $risk }: a veto belongs to a role, and lasts from 1 to 90 days.
    [decided-tie] For { $risk }: a tie is not broken by chambers, nor by a calculation.
    [decided-counted] Changes of the constitution are counted by no calculation: so one that is broken can be replaced.
    [decided-exactly] For { $risk }: what exactly counts is fixed when a vote begins, and not before.
    [decided-chambers] For { $risk }: there is one chamber at least, and none within another.
    [decided-chamber-role] For { $risk }: a chamber's role is not among those who vote.
   *[other] { $says }
}

# What came out differently in a story than it says.
story-came = { $what ->
    [permitted] It was permitted, and should be refused by "{ $a }".
    [refused] It was refused: { $b }
    [refused-by] It was refused by { $a } ({ $b }), and should be by "{ $c }".
    [costs] "{ $a }" is { $b }, and should be { $c }.
    [owes] { $a } owes { $b }, and should owe { $c }.
    [lacks] { $a } does not have "{ $b }", and should.
    [sees-not] { $a } does not see "{ $b }", and should.
    [sees] { $a } sees "{ $b }", and should not.
    [no-role] { $a } has not the role "{ $b }", and should.
    [role] { $a } has the role "{ $b }", and should not.
   *[other] { $says }
}

# What is wrong in a line of a table.
table-fault = { $what ->
    [no-csv] This cannot be read as a table: { $a }
    [no-column] There is no column "{ $a }".
    [nobody] Nobody called "{ $a }" belongs to this network.
    [nothing] Nothing called "{ $a }" is written down here.
    [no-unit] There is no unit "{ $a }" in this network: write it down first.
    [no-amount] "{ $a }" is no amount such as 12 or 0.5.
    [no-day] "{ $a }" is no day such as 2027-01-31.
    [no-name] A member has a name: write it under "name", or take the line out.
    [thing-no-name] A thing has a name.
    [no-owner] Say whose it is in the column "owner".
    [thing-nobodys] The thing belongs to nobody.
    [thing-out] "{ $a }" is out already.
    [thing-uncounted] Nobody knows how much of it there is.
    [loan-no-thing] A loan names its thing.
    [loan-no-member] A loan names who has the thing.
    [loan-no-until] A loan says until when.
    [balance-no-member] A balance names whose it is.
   *[other] { $says }
}

## What was done with a part of a table or file
table-note = { $what ->
    [column] The column "{ $a }" was not read.
    [here-already] "{ $a }" is here already.
    [pointed-at] "{ $a }" is only named, and was written down without anything more.
    [named-only] "{ $a }" is named, and nothing is said about it.
    [read-as] "{ $a }" was read as "{ $b }".
    [another-event] This event had been told of in line { $b }; it says something else here and was taken as another event.
    [stage-of] "{ $a }" is a process; its kind was taken as the stage.
    [brings-back] This was read as a return: it brings back what line { $a } took.
    [no-part] "{ $a }" is no part of an amount and was not read.
    [no-uuid] "{ $a }" does not name a record as names are written; it stays as it is.
    [no-property] "{ $a }" is not part of ValueFlows and was not read.
    [not-of] "{ $a }" does not belong to { $b } in ValueFlows 1.0 and was not read.
   *[other] { $says }
}

## Why something cannot be, by the books, and what helps
refused-by-books = { $sentence }
