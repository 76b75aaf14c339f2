# Was getan, entschieden und abgestimmt wird, auf Deutsch.

## Ereignisse
event = { $action ->
    [transferCustody] { $from } hat { $thing } an { $to } übergeben
    [pay] { $from } hat { $to } { $amount } bezahlt
    [transfer] { $from } hat { $thing } für immer an { $to } gegeben
    [transferAllRights] { $from } hat { $thing } für immer an { $to } gegeben
    [raise] { $to } hat { $thing } eingetragen
    [produce] { $to } hat { $thing } hergestellt
    [lower] { $from } hat { $thing } ausgebucht
    [consume] { $from } hat { $thing } verbraucht ({ $amount })
    [use] { $from } hat { $thing } benutzt ({ $amount })
    [work] { $from } hat { $amount } gearbeitet
    [cite] { $from } hat nach { $thing } gearbeitet
    [pickup] { $from } hat { $thing } abgeholt
    [dropoff] { $from } hat { $thing } gebracht
    [accept] { $from } hat { $thing } in Arbeit genommen
    [modify] { $from } hat an { $thing } gearbeitet
    [combine] { $from } hat { $thing } eingepackt
    [separate] { $from } hat { $thing } ausgepackt
    [copy] { $from } hat { $thing } kopiert
    [move] { $from } hat { $thing } an einen anderen Ort gebracht
    [deliverService] { $from } hat etwas für { $to } getan
    [own] { $from }: { $deed } · { $thing }
   *[other] etwas wurde aufgeschrieben
}
follows = { $kind ->
    [loan] { $from } übergibt es an { $to }.
    [return] { $from } bringt es bis { $due } zurück.
    [deposit] { $from } hinterlegt { $amount } als Pfand.
   *[fee] { $from } schuldet { $to } { $amount }.{ $settled ->
        [0] {""}
       *[other] {" "}Beglichen.
    }
}

## Handlungen
act-accept = { $who } möchte { $thing } bis { $until } ausleihen
act-written-down = { $what } wurde eingetragen
act-written-down-reported = { $what } wurde eingetragen, wie anderswo berichtet
act-publish = { $kind ->
    [request] ein Bedarf kam aufs Brett: { $what }
   *[other] ein Angebot kam aufs Brett: { $what }
}
act-withdraw = eine Ausleihe wurde abgesagt
act-allocate = Angebotenes wurde verteilt
act-waive = eine Zahlung wurde erlassen: { $reason }
act-revise = die Beschreibung von { $what } wurde geändert
act-fall-due = etwas wurde fällig
act-fall-due-thing = { $thing } wurde fällig
act-commit = ein Versprechen wurde gegeben
act-claim = { $to } kann von { $from } etwas verlangen
act-state = { $what } wurde gezählt, wie anderswo berichtet
act-reported = { $said } (anderswo berichtet)
act-found = { $name } wurde gegründet
act-found-network = das Netzwerk { $name } wurde gegründet
act-adopt-network = das Netzwerk { $name } kam von einem anderen Knoten hierher
act-move-network = das Netzwerk zog auf einen anderen Knoten
act-shelve = { $plugin } wurde ins Regal gelegt
act-admit = { $who } wurde aufgenommen
act-train = { $who } wurde eingewiesen in { $training }
act-delegate = { $from } lässt { $to } im eigenen Namen handeln bis { $until }
act-revoke = eine Vollmacht endete
act-advance-clock = der Kalender wurde um { $days ->
    [one] einen Tag
   *[other] { $days } Tage
} vorgestellt
act-stop = { $kind ->
    [network] wer den Knoten betreibt, lässt alles ruhen bis { $until }: { $reason }
    [rule] die Regel „{ $name }“ ist ausgesetzt bis { $until }: { $reason }
   *[part] wer den Knoten betreibt, lässt „{ $name }“ ruhen bis { $until }: { $reason }
}
act-revoke-plugin = wer den Knoten betreibt, hat { $what } widerrufen: { $reason }
act-unrevoke-plugin = { $what } ist nicht mehr widerrufen
act-withhold-nothing = jede Berechnung ist wieder in Gebrauch
out-of-use = { $kind ->
    [instead] Die Berechnung „{ $name }“ ist außer Gebrauch: { $reason } Was vorher hier galt, antwortet an ihrer Stelle.
   *[refused] Die Berechnung „{ $name }“ ist außer Gebrauch: { $reason } Was sie braucht, wird abgelehnt, bis andere Regeln gelten.
}
act-resume = eine Pause endete vor ihrer Zeit
act-restore-rule = eine ausgesetzte Regel gilt wieder
act-grant-role = { $who } hat jetzt die Rolle { $role }
act-grant-role-until = { $who } hat die Rolle { $role } bis { $until }
act-end-role = { $who } hat die Rolle { $role } nicht mehr
act-restore-access = { $who } kommt nicht mehr herein und bittet selbst um einen neuen Zugang
act-key = { $step ->
    [enrolKey] ab jetzt unterschreibt ein eigener Schlüssel
    [rotateKey] der nächste Schlüssel ersetzt den bisherigen
    [recoverKey] { $who } hat den Schlüssel verloren und soll einen neuen haben
   *[other] andere sind benannt, die einen neuen Schlüssel geben
 }
act-suspend = { $who } ist gesperrt bis { $until }
act-reinstate = { $who } ist nicht mehr gesperrt
act-end-membership = die Mitgliedschaft von { $who } endete
act-leave = { $who } ist gegangen
act-amend = { $step ->
    [draft] die Regeländerung „{ $what }“ wurde aufgeschrieben
    [redraft] die Regeländerung „{ $what }“ wurde neu geschrieben
    [sponsor] noch jemand will über die Regeländerung „{ $what }“ reden
    [freeze] die Abstimmung über die Regeländerung „{ $what }“ begann
    [cast] jemand hat über die Regeländerung „{ $what }“ abgestimmt
    [enter] eine Stimme über die Regeländerung „{ $what }“ wurde vom Papier übertragen
    [override] eine Abstimmung begann, ob die Regeländerung „{ $what }“ weiter aufgehalten wird
    [withdraw] die Regeländerung „{ $what }“ wurde zurückgenommen
   *[renew] die Regeländerung „{ $what }“ wurde wieder angesehen und bleibt
}
act-amend-because = { $step ->
    [veto] die Regeländerung „{ $what }“ wird aufgehalten: { $reason }
   *[recover] wer den Knoten betreibt, hat andere Regeln gebracht, zu denen jedes Mitglied Nein sagen kann: { $reason }
}
act-appoint-proxy = eine Stimme von { $who } darf auch für jemand anderen zählen
act-end-proxy = eine Stimme zählt nicht mehr für jemand anderen
act-lapse = eine Zeit lief ab
act-lapse-role = die Zeit einer Rolle oder einer Sperre lief ab
act-lapse-amendment = die Zeit kam für die Regeländerung „{ $what }“: { $is }
act-apply = { $who } möchte mitmachen
act-vouch = jemand bürgt für { $who }
act-certify = { $who } wurde bescheinigt: { $what }
act-accept-application = { $who } wurde aufgenommen
act-decline-application = { $who } wurde nicht aufgenommen
act-take-back-application = { $who } möchte nicht mehr mitmachen
act-grant-exception = eine Ausnahme für { $who } bis { $until }: { $reason }
act-withdraw-exception = eine Ausnahme wurde zurückgenommen
act-case = { $step ->
    [appeal] jemand widerspricht einer Entscheidung
    [report] jemand hat etwas gemeldet
    [say] in einem Fall wurde etwas gesagt
    [assign] jemand anderes kümmert sich um einen Fall
    [close] ein Fall wurde abgeschlossen
   *[withdraw] ein Fall wurde zurückgenommen
}
act-erase = { $unlawful ->
    [0] Persönliches über jemanden wurde gelöscht: { $reason }
   *[other] wer den Knoten betreibt, hat gelöscht, was nicht bleiben darf: { $reason }
}
effect-unknown = etwas, das niemand mehr lesen kann

## Die Seite der Regeln
rule = Regel
rules-translation = Das ist eine Übersetzung. Es gilt der Text in „{ $language }“.
rules-how-changed = Wie diese Regeln geändert werden
rules-house = Beitreten, und Fälle
rules-one-by-one = Regel für Regel
rules-about = Regeln, die bei „{ $act }“ mitreden
rules-mine = Die bei dem mitreden, was du tust, sind gekennzeichnet.
rules-about-you = betrifft dich
rules-forbids = verbietet
rules-permits = erlaubt
rule-used = Wie sie bisher gebraucht wurde
rules-protected = geschützt
rules-calculated = Was berechnet wird
rules-fingerprint = Der Fingerabdruck dieser Regeln
rules-who-decided = Wer entschieden hat, und seit wann
rules-since = In Kraft seit { $day }, Eintrag { $seq } im Tagebuch.
rules-since-entry = In Kraft seit Eintrag { $seq } im Tagebuch.
rules-decided-by = Die Änderung, die sie so machte: „{ $title }“
rules-from-founding = Sie sind, wie sie gegründet wurden.
rules-used-link = Wie die Regeln gebraucht werden
used-summary = Von den neuesten { $commands } Bitten wurden { $refused } abgelehnt.
used-permitted = Erlaubt
used-refused = Abgelehnt
used-excepted = Ausnahmen
used-appeals = Widersprüche
used-no-longer = (nicht mehr)
used-never = Bisher nie gebraucht
risk = { $risk ->
    [parameter] eine Einstellung
    [rule] eine Regel
    [membership] wer dazugehört
    [constitution] die Verfassung
   *[other] nichts
}
rules-cases = Jemand mit der Rolle { $roles } kümmert sich innerhalb { $days ->
    [one] eines Tages
   *[other] von { $days } Tagen
} um einen Fall.
rules-joining = { $way ->
    [open] Wer fragt, gehört dazu.
    [application] Wer fragt, gehört dazu, wenn jemand Ja sagt.
    [vouching] Wer fragt, gehört dazu, wenn { $vouchers ->
        [1] eine Person
       *[other] { $vouchers }
    } { $of ->
        [members] Mitglieder
       *[roles] mit der Rolle { $roles }
    } bürgen.
   *[certification] Wer fragt, gehört dazu, wenn { $vouchers ->
        [1] eine Person
       *[other] { $vouchers }
    } mit der Rolle { $roles } bescheinigen, was sie können.
}
rules-probation = Die ersten { $days ->
    [one] 24 Stunden
   *[other] { $days } Tage
} hat man die Rolle { $role }.
rules-decision = Es braucht: { $rule }. Darüber wird mindestens { $discussed ->
    [one] einen Tag
   *[other] { $discussed } Tage
} geredet und { $voted ->
    [one] einen Tag
   *[other] { $voted } Tage
} abgestimmt; es gilt { $waits ->
    [one] einen Tag
   *[other] { $waits } Tage
} danach.{ $sponsors ->
    [0] {""}
    [one] {" "}Noch jemand muss darüber reden wollen.
   *[other] {" "}{ $sponsors } andere müssen darüber reden wollen.
}
rules-method = { $method ->
    [majority] mehr dafür als dagegen
    [supermajority] { $share } derer, die dafür oder dagegen sind, sind dafür
    [absolute] mehr als die Hälfte aller Stimmberechtigten ist dafür
    [consent] niemand hat einen Grund, warum es nicht sein darf
    [consensus] { $n ->
        [0] niemand ist dagegen
       *[other] höchstens { $n } sind dagegen
    }
    [lazy] höchstens { $n } haben Einwände
    [advice] { $n } haben Rat gegeben
    [approval] es ist den meisten recht
    [score] es hat die meisten Punkte
   *[ranked] es ist besser als jedes andere, einzeln verglichen
}
rules-counted = die Berechnung „{ $by }“ sagt es
rules-chamber = von denen mit der Rolle „{ $role }“: { $takes }
rules-quorum-heads = { $takes }, und { $heads ->
    [one] eine Person nimmt teil
   *[other] { $heads } Leute nehmen teil
}
rules-quorum-share = { $takes }, und { $share } aller Stimmberechtigten nehmen teil

## Regeländerungen
rule-changes = Regeländerungen
changes-state = Was besprochen, abgestimmt und entschieden wird.
changes-none = Noch hat niemand eine Regel geändert.
changes-votes = deine Stimme fehlt
change-new-link = Eine Regeländerung aufschreiben
change-new-state = Ändere, was anders sein soll. Nichts ändert sich, bevor andere darüber geredet und abgestimmt haben.
change-new-title = Wie sie heißen soll
change-new-settings = Was jetzt gilt
change-new-button = Aufschreiben
change-author = Geschrieben von { $author }.
change-sponsors = Darüber reden wollen: { $names }.
change-held-up = Aufgehalten: { $reason }
change-instead-of = Statt „{ $other }“: höchstens eine von beiden kommt aus der Abstimmung.
change-differences = Was anders wäre
change-what-if = Was hätte es bisher bedeutet?
change-problems = Warum sie nicht gelten kann
change-tried = Wie sie erprobt wurde
change-how-decided = Wie darüber entschieden wird
change-stake = Es geht um: { $stake }.
difference-setting = { $title }: aus { $was } wird { $becomes }.
amendment-status = { $status ->
    [draft] ein Entwurf, der auf andere wartet, die darüber reden wollen
    [sponsored] wird besprochen
    [voting] wird abgestimmt
    [waiting] angenommen, gilt aber noch nicht
    [enacted] in Kraft
    [review-due] in Kraft, und soll wieder angesehen werden
    [rejected] nicht angenommen
    [no-quorum] nicht entschieden: zu wenige nahmen teil
    [tied] nicht entschieden: gleich viele dafür und dagegen
    [vetoed] aufgehalten
    [superseded] von einer anderen Änderung überholt: sie muss neu geschrieben werden
    [failed] angenommen, konnte aber nicht in Kraft treten
    [withdrawn] zurückgenommen
   *[sunset] beendet, weil niemand sie erneuert hat
}
step-sponsor = Darüber will ich reden
step-sponsor-too = Darüber will ich auch reden
step-withdraw = Zurücknehmen
step-freeze = Abstimmung beginnen
step-keep = Nein, wir behalten unsere Regeln
step-veto = Aufhalten
step-override = Alle fragen, ob es weitergeht
step-renew = Sie bleibt
vote-yours = Deine Stimme
vote-yours-change = Deine Stimme, die du ändern kannst, bis die Abstimmung endet
vote-choose = Du bist
vote-approval = Alles, was dir recht wäre
vote-score = Punkte für jedes, mehr für das Bessere
vote-ranked = Ein Platz für jedes, 1 für das Beste
vote-yes = dafür
vote-no = dagegen
vote-abstain = weder noch
vote-object = dagegen, und darum darf es nicht sein
vote-why = Warum, wenn du magst
vote-sealed = Deine Stimme bleibt verschlossen, bis die Abstimmung vorbei ist, und wird hier niemandem gezeigt. Wer diesen Knoten betreibt, könnte sie auf der Platte lesen.
vote-button = Abstimmen
vote-progress = Wie viele abgestimmt haben
vote-as-it-is = Es bleibt, wie es ist
tried-past = { $failed ->
    [0] An dem, was bisher geschah: { $words }
   *[other] An dem, was bisher geschah, ließ es sich nicht erproben.
}
tried-stories = { $differ ->
    [0] Von { $played } Geschichten über die Regeln, wie sie sind, gehen alle aus wie zuvor.
    [one] Von { $played } Geschichten über die Regeln, wie sie sind, geht eine anders aus:
   *[other] Von { $played } Geschichten über die Regeln, wie sie sind, gehen { $differ } anders aus:
}
tried-story = „{ $name }“: { $how }

## Gezählte Stimmen
tally-option = Möglichkeit { $n }
tally-accepted = Angenommen.
tally-accepted-option = Angenommen: { $name }.
tally-rejected = Nicht angenommen: es bleibt, wie es ist.
tally-no-quorum = Nicht entschieden: zu wenige nahmen teil.
tally-tied = Nicht entschieden: gleich viele sind dafür wie dagegen.
tally-tied-options = Nicht entschieden: { $names } sind gleich gut.
tally-uncounted = Nicht entschieden: was zählen sollte, gab keine Antwort.
tally-chamber = Die mit der Rolle „{ $role }“: { $words }
tally-took-part = Von { $could ->
    [one] einer Person
   *[other] { $could } Leuten
}, die abstimmen konnten, { $did ->
    [0] tat es niemand
    [one] tat es eine
   *[other] taten es { $did }
}{ $takes ->
    [0] .
   *[other] ; es braucht { $takes }.
}
tally-strangers = Nicht gezählt: { $n } von Leuten, die hier nicht abstimmen konnten.
tally-spoilt = Nicht zu dem, was gefragt war: { $n }.
tally-numbers = { $method ->
    [majority] { $yes } dafür, { $no } dagegen; es braucht mehr dafür als dagegen.
    [supermajority] { $yes } dafür, { $no } dagegen; von diesen { $both } braucht es { $n } dafür.
    [absolute] { $yes } dafür; es braucht { $n } von allen { $electorate }.
    [consent] { $yes } dafür, { $objections } mit einem Grund, warum es nicht sein darf; ein solcher Grund hält es auf.
    [consensus] { $n ->
        [0] { $yes } dafür, { $no } dagegen; es braucht, dass niemand dagegen ist.
       *[other] { $yes } dafür, { $no } dagegen; höchstens { $n } dürfen dagegen sein.
    }
    [lazy] { $objections } mit einem Grund, warum es nicht sein darf; mehr als { $n } hätten es aufgehalten.
   *[advice] { $voted } haben Rat gegeben; es braucht { $n }, dann entscheidet, wer es vorgeschlagen hat.
}
tally-of-option = { $method ->
    [approval] { $name }: wäre { $n } recht
    [score] { $name }: { $n } Punkte
    [counted] { $name }: { $n }
   *[ranked] { $name }: besser als { $n } andere
}

## Was wäre wenn
what-if-title = Was es bisher bedeutet hätte
what-if-words = { $refused ->
    [0] { $allowed ->
        [0] Alles wäre entschieden worden, wie es war
        [one] Eine Handlung, die abgelehnt wurde, wäre erlaubt gewesen
       *[other] { $allowed } Handlungen, die abgelehnt wurden, wären erlaubt gewesen
    }
    [one] { $allowed ->
        [0] Eine Handlung wäre abgelehnt worden
       *[other] Eine Handlung wäre abgelehnt worden, { $allowed } neu erlaubt
    }
   *[other] { $allowed ->
        [0] { $refused } Handlungen wären abgelehnt worden
       *[other] { $refused } Handlungen wären abgelehnt worden, { $allowed } neu erlaubt
    }
}{ $following ->
    [0] .
    [one] ; eine, die darauf folgte, wäre nicht möglich gewesen.
   *[other] ; { $following }, die darauf folgten, wären nicht möglich gewesen.
}
what-if-coverage = { $judged } Mal wurde neu entschieden, was Leute taten, als hätte es schon gegolten; { $same } Mal wäre es ausgegangen wie zuvor.
what-if-refused = Wäre abgelehnt worden
what-if-allowed = Wurde abgelehnt und wäre erlaubt gewesen
what-if-hidden = Und { $count }, die du nicht einzeln sehen darfst.
what-if-people = Wer mehr oder weniger hätte
what-if-things = Für welche Dinge
what-if-flip = { $who }, { $day }: { $sentence }
rules-desk = Regeln schreiben
rules-desk-state = Wähl eine Regel, um sie neu zu schreiben, oder fang eine an. Nichts gilt, bevor Mitglieder darüber abgestimmt haben.
rules-desk-new = Eine neue Regel
rules-desk-link = Die Regeln selbst schreiben
rule-edit = Eine Regel schreiben
rule-edit-link = Neu schreiben
rule-edit-text = Die Regel
rule-edit-help = Wie Programme sie lesen; die Zeilen mit @ sind für Menschen. Ohne Text ist die Regel weg.
rule-edit-look = Sehen, was wäre
rule-edit-format = In Form bringen
rule-edit-wrong = So lässt es sich nicht lesen
rule-edit-same = Nichts: Die Regeln bleiben, wie sie sind.
rule-edit-tried = Was beim Ausprobieren herauskam
rule-edit-write = Als Regeländerung aufschreiben
rule-edit-into = In welche Änderung?
rule-edit-own = In eine eigene
rule-edit-no-title = Sag in einer Zeile, was anders wäre.
stories = Was unter diesen Regeln geschieht
stories-state = { $differ ->
    [0] Alle { $count } Geschichten gehen aus, wie sie erzählt sind.
   *[other] Von { $count } Geschichten gehen { $differ } anders aus, als sie erzählt sind.
 }
stories-link = Was unter diesen Regeln geschieht, Geschichte für Geschichte
story-holds = wie erzählt
story-differs = anders
story-step = Bei Schritt { $step }: { $how }
story-rules = Regeln, die mitredeten
difference = { $what ->
    [forked-from] Die Regeln sagen, sie seien aus „{ $a }“ gemacht ({ $b }).
    [forked-from-nothing] Die Regeln sagen nicht mehr, woraus sie gemacht sind.
    [name] Wie die Regeln heißen: aus „{ $a }“ wird „{ $b }“.
    [title] Was die Regeln sind: aus „{ $a }“ wird „{ $b }“.
    [schema] Wovon Regeln sprechen können, ist nicht mehr dasselbe.
    [generation] Das Programm urteilt nach seiner Generation { $a } statt { $b }.
    [place] Wo das Netzwerk ist: aus { $a } wird { $b }.
    [trust] Eine neue Rechenregel braucht Unterschriften: { $a }.
    [no-trust] Eine neue Rechenregel braucht keine Unterschrift mehr.
    [cases] Fälle: { $a }
    [no-cases] Niemand kümmert sich mehr um Fälle.
    [stories] Was unter diesen Regeln geschieht, ist anders erzählt.
    [joining] Aufnahme: { $a }
    [no-joining] Niemand kann mehr um Aufnahme bitten.
    [rule-changed] Geändert: { $a }.
    [rule-new] Neu: { $a }.
    [rule-gone] Nicht mehr: { $a }.
    [order] Die Berechnungen kommen in anderer Reihenfolge.
    [calculation-changed] Die Berechnung „{ $a }“ ist eine andere.
    [calculation-reads] Die Berechnung „{ $a }“ liest von Menschen: { $b }.
    [calculation-new] Neu: die Berechnung „{ $a }“ für { $b }.
    [calculation-gone] Nicht mehr: die Berechnung „{ $a }“ für { $b }.
    [decided] Wie über { $risk ->
        [parameter] Einstellungen
        [rule] Regeln
        [membership] Zugehörigkeit
       *[constitution] die Verfassung
    } entschieden wird: aus „{ $b }“ wird „{ $c }“
    [decided-details] Wie über { $risk ->
        [parameter] Einstellungen
        [rule] Regeln
        [membership] Zugehörigkeit
       *[constitution] die Verfassung
    } entschieden wird, ist in Einzelheiten anders.
    [decisions-new] Neu: wie die Regeln geändert werden.
    [decisions-gone] Nicht mehr: irgendein Weg, die Regeln zu ändern.
    [notices] Was Mitglieder in „{ $a }“ gesagt bekommen, lautet anders.
    [charter-changed] Die Satzung in „{ $a }“ lautet anders.
    [charter-new] Neu: die Satzung in „{ $a }“.
    [charter-gone] Nicht mehr: die Satzung in „{ $a }“.
    [unit-parts] Die Einheit { $a } zählt in anderen Teilen.
    [unit-symbol] Die Einheit { $a } wird { $b } geschrieben.
    [action-new] Neu: die Handlung „{ $a }“, die wie { $b } zählt.
    [action-note] Was „{ $a }“ bedeutet, ist anders gesagt.
    [action-changed] Die Handlung „{ $a }“ bewirkt etwas anderes.
    [action-gone] Nicht mehr: die Handlung „{ $a }“.
    [unit-new] Neu: die Einheit { $a }.
   *[unit-gone] Nicht mehr: die Einheit { $a }.
 }

# Was anders sein müsste.
instead-and = { $left }; und { $right }
instead-or = { $left }, oder { $right }
instead-you = du
instead-this = dies
instead-sign = du müsstest es { $by ->
    [own] mit einem eigenen Schlüssel unterschreiben, den kein Browser verwahrt
    [browser] mit einem Schlüssel unterschreiben, den dein Browser verwahrt
   *[node] ohne eigenen Schlüssel abschicken
 }
instead-there = es { $there ->
    [yes] müsste etwas
   *[no] dürfte nichts
 } als { $what }{ $of ->
    [none] {""}
   *[other] { " (" }{ $of })
 } geben
instead-value = { $what ->
    [it] es
   *[other] { $what }
 } ist { $is }; nötig wäre: { $how ->
    [less] weniger als { $than }
    [most] höchstens { $than }
    [more] mehr als { $than }
    [least] mindestens { $than }
    [but] etwas anderes als { $than }
   *[other] { $than }
 }
instead-my-role = du { $not ->
    [not] dürftest die Rolle { $role } nicht haben
   *[other] bräuchtest die Rolle { $role }
 }
instead-role = { $who } { $not ->
    [not] dürfte die Rolle { $role } nicht haben
   *[other] bräuchte die Rolle { $role }
 }
instead-hold = { $what } { $not ->
    [not] dürfte { $wants } nicht enthalten
   *[other] müsste { $wants } enthalten
 }

# Was an Regeln nicht stimmt, die jemand geschrieben hat.
rules-problem = { $what ->
    [locked-out] Außer denen, die das geschrieben haben, könnte niemand mehr eine Regeländerung zur Abstimmung bringen.
    [few-sponsors] Eine Änderung ({ $risk }) braucht { $b }, die sie besprechen wollen, und weniger könnten das sagen.
    [few-voters] Außer denen, die das geschrieben haben, könnten { $b } darüber abstimmen ({ $risk }); es braucht { $c }.
    [generation] Diese Regeln sind für eine andere Generation des Programms geschrieben ({ $a } statt { $b }).
    [action-not-kept] Die Handlung „{ $a }“ fehlt oder bewirkt etwas anderes. Einträge nennen sie, darum bleibt sie, wie sie ist.
    [not-carried] „{ $a }“ fehlt: jedes Netzwerk hier hat diese Regel.
    [trust-key] Vertrauen: Der Schlüssel von „{ $a }“ ist kein Ed25519-Schlüssel.
    [trust-twice] Vertrauen: Ein Schlüssel hat zwei Namen.
    [trust-needed] Vertrauen: Mindestens ein Schlüssel muss unterschreiben, und höchstens so viele, wie es gibt.
    [no-decisions] Sie sagen nicht, wie sie geändert werden.
    [place-name] Der Name eines Ortes ist eine Zeile von höchstens { $a } Bytes.
    [place-zone] Es gibt keine Zeitzone „{ $a }“: schreib eine Stadt, die eine hat, wie Lisbon oder Europe/Lisbon.
    [cases-nobody] Niemand sieht sich Fälle an: nenne eine Rolle dafür.
    [cases-days] Ein Fall wird in 1 bis { $a } Tagen angesehen.
    [joining-vouchers] Wie viele bürgen oder bescheinigen, ist eine Zahl von 1 bis 16 und steht nur da, wo sie es tun.
    [joining-certifies] Wer bescheinigt, hat eine Rolle: nenne sie.
    [joining-questions] Wer dazukommen will, wird höchstens 16 Dinge gefragt, und jede Frage fragt etwas.
    [joining-probation] Eine Probezeit hat Tage und eine Rolle, oder keins von beiden.
    [joining-probation-role] Die Rolle einer Probezeit ist eine eigene.
    [decided-no-voters] Niemand darf abstimmen ({ $risk }): nenne eine Rolle.
    [decided-vote-days] Eine Abstimmung dauert mindestens einen Tag ({ $risk }).
    [decided-span] Eine Spanne ist länger als zehn Jahre ({ $risk }).
    [decided-sponsors] Es braucht mehr, die es besprechen wollen, als auf eine Seite passen ({ $risk }).
    [decided-sunset] Was endet, wenn es nicht erneuert wird, braucht einen Tag, an dem es wieder angesehen wird ({ $risk }).
    [decided-veto] Ein Veto gehört einer Rolle und dauert 1 bis 90 Tage ({ $risk }).
    [decided-tie] Ein Gleichstand wird nicht durch Kammern entschieden, und nicht durch eine Berechnung ({ $risk }).
    [decided-counted] Änderungen der Verfassung zählt keine Berechnung: So kann eine, die nicht geht, ersetzt werden.
    [decided-exactly] Was genau zählt, steht fest, wenn die Abstimmung beginnt, und nicht früher ({ $risk }).
    [decided-chambers] Es gibt mindestens eine Kammer, und keine in einer anderen ({ $risk }).
    [decided-chamber-role] Die Rolle einer Kammer ist nicht unter denen, die abstimmen ({ $risk }).
   *[other] { $says }
}

# Was in einer Geschichte anders kam, als sie sagt.
story-came = { $what ->
    [permitted] Es wurde erlaubt und sollte von „{ $a }“ abgelehnt werden.
    [refused] Es wurde abgelehnt: { $b }
    [refused-by] Es wurde von { $a } abgelehnt ({ $b }) und sollte es von „{ $c }“.
    [costs] „{ $a }“ ist { $b } und sollte { $c } sein.
    [owes] { $a } schuldet { $b } und sollte { $c } schulden.
    [lacks] { $a } hat „{ $b }“ nicht und sollte es haben.
    [sees-not] { $a } sieht „{ $b }“ nicht und sollte es sehen.
    [sees] { $a } sieht „{ $b }“ und sollte es nicht sehen.
    [no-role] { $a } hat die Rolle „{ $b }“ nicht und sollte sie haben.
    [role] { $a } hat die Rolle „{ $b }“ und sollte sie nicht haben.
   *[other] { $says }
}

# Was in einer Zeile einer Tabelle nicht stimmt.
table-fault = { $what ->
    [no-csv] Das lässt sich nicht als Tabelle lesen: { $a }
    [no-column] Es gibt keine Spalte „{ $a }“.
    [nobody] Niemand namens „{ $a }“ gehört zu diesem Netzwerk.
    [nothing] Nichts namens „{ $a }“ ist hier aufgeschrieben.
    [no-unit] Es gibt in diesem Netzwerk keine Einheit „{ $a }“: schreib sie zuerst auf.
    [no-amount] „{ $a }“ ist keine Menge wie 12 oder 0.5.
    [no-day] „{ $a }“ ist kein Tag wie 2027-01-31.
    [no-name] Ein Mitglied hat einen Namen: schreib ihn unter „name“, oder nimm die Zeile heraus.
    [thing-no-name] Ein Gegenstand hat einen Namen.
    [no-owner] Sag in der Spalte „owner“, wem er gehört.
    [thing-nobodys] Der Gegenstand gehört niemandem.
    [thing-out] „{ $a }“ ist schon ausgeliehen.
    [thing-uncounted] Niemand weiß, wie viel davon da ist.
    [loan-no-thing] Eine Ausleihe nennt ihren Gegenstand.
    [loan-no-member] Eine Ausleihe nennt, wer den Gegenstand hat.
    [loan-no-until] Eine Ausleihe sagt, bis wann.
    [balance-no-member] Ein Guthaben nennt, wem es gehört.
   *[other] { $says }
}

## Was mit einem Teil einer Tabelle oder Datei geschehen ist
table-note = { $what ->
    [column] Die Spalte „{ $a }“ ist nicht gelesen worden.
    [here-already] „{ $a }“ gibt es hier schon.
    [pointed-at] „{ $a }“ wird nur genannt und ist ohne alles Weitere aufgeschrieben worden.
    [named-only] „{ $a }“ wird genannt, und nichts ist darüber gesagt.
    [read-as] „{ $a }“ ist als „{ $b }“ gelesen worden.
    [another-event] Von diesem Ereignis war schon in Zeile { $b } die Rede; hier steht etwas anderes, und es gilt als ein weiteres.
    [stage-of] „{ $a }“ ist ein Vorgang; als Stufe gilt seine Art.
    [brings-back] Das ist als Rückgabe gelesen worden: Es bringt zurück, was Zeile { $a } mitnahm.
    [no-part] „{ $a }“ ist kein Teil einer Menge und ist nicht gelesen worden.
    [no-uuid] „{ $a }“ ist keine Kennung und bleibt, wie es geschrieben steht.
    [no-property] „{ $a }“ gehört nicht zu ValueFlows und ist nicht gelesen worden.
    [not-of] „{ $a }“ gehört in ValueFlows 1.0 nicht zu { $b } und ist nicht gelesen worden.
   *[other] { $says }
}

## Warum nach den Büchern etwas nicht geht, und was dann hilft
refused-by-books = { $part ->
    [remedy] { $code ->
        [on-loan] Frag noch einmal, wenn es zurück ist.
        [already-promised] Frag noch einmal, wenn es wieder frei ist.
        [already-settled] Hier ist nichts mehr offen; sieh in der Geschichte der Sache nach.
        [handed-over] Lass es stattdessen zurückbringen.
        [not-enough] Schreib weniger auf, oder berichtige zuerst den Bestand.
        [unknown-action] Wähl eine, die es gibt.
        [bad-value] Berichtige sie und schick es noch einmal.
        [too-many-digits] Schreib die Menge mit weniger Nachkommastellen.
        [quantity-too-large] Prüf sie; stimmt sie, nimm eine größere Einheit.
        [wrong-unit] Nimm die Einheit, in der die Sache gezählt wird.
        [not-a-number] Schreib eine Zahl wie 12 oder 0.5.
        [fixed-property] Schreib auf, was geschehen ist; was war, bleibt, wie es ist.
        [stale-revision] Sieh es noch einmal an und ändere dann, was du siehst.
        [already-known] Lass es weg, oder nimm das, was hier steht.
        [report-differs] Berichtige ihn, oder schreib auf, was darin fehlt.
        [unknown-record] Prüf, was gemeint ist, oder schreib es zuerst auf.
        [wrong-class] Nenn etwas von der richtigen Art.
        [contradicting-times] Nenn einen Zeitpunkt, oder einen Anfang und ein späteres Ende, nicht in der Zukunft.
        [not-for-action] Lass sie weg, oder nimm eine andere Handlung.
        [not-held] Lass es erst zurückbringen, oder schreib auf, wer es wirklich übergibt.
        [not-owned] Nur wem etwas gehört, kann es hergeben; prüf, wer gibt.
        [not-that-promise] Nenn das Versprechen, das damit gehalten wird, oder keines.
        [bad-offer] Wähl ein offenes Angebot von etwas, das verliehen werden kann.
        [bad-round] Wähl offene Angebote und Gesuche, die sagen, wie viel, alle in einer Einheit.
        [bad-correction] Wiederhole das Ereignis, wie es steht, und gib nur den Unterschied an; für alles andere nimm es ganz zurück und schreib es neu auf.
        [bad-container] Nimm die Sache erst heraus, oder beweg den Behälter im Ganzen.
        [admission-held] Warte, bis darüber entschieden ist.
        [bad-role] Setz stattdessen die Mitgliedschaft aus.
        [bad-span] Sag, bis wann es gehen soll.
        [bad-amount] Sag, wie viel es höchstens ist.
        [no-member] Sieh unter „Menschen“ nach, wer dazugehört.
        [no-reason] Sag in ein paar Sätzen, warum.
        [no-such-role] Sieh nach, welche Rollen es hat.
        [too-many-roles] Nimm zuerst eine zurück.
        [something-open] Bring zuerst zurück, was geliehen ist, und erledige, was versprochen ist.
        [still-belongs] Erst austreten, dann löschen.
        [changed-meanwhile] Versuch es noch einmal.
        [own-access] Frag zwei, die dich kennen und es nach den Regeln dürfen.
        [said-already] Jemand anders muss es auch sagen.
        [no-applicant] Lass es ruhen.
        [no-certificate] Sag, was jemand kann, oder bürg stattdessen.
        [no-voucher] Frag jemanden, der es kann.
        [takes-no-vouchers] Frag jemanden, der aufnehmen darf.
        [takes-vouchers] Frag noch jemanden.
        [no-way-to-join] Frag jemanden, der dazugehört, ob er dich aufnimmt.
        [unanswered] Beantworte alle.
        [case-closed] Mach einen neuen auf, wenn es etwas Neues gibt.
        [is-party] Nenn jemand anderen.
        [no-cases] Schreib eine Regeländerung auf, die es sagt.
        [too-many-cases] Warte, bis einer abgeschlossen ist.
        [too-much-said] Jetzt entscheidet, wer ihn sich ansieht.
        [too-many-exceptions] Warte, bis eine abgelaufen ist.
        [not-excepted] Sieh nach, welche Regel es verbot; für die Grundregeln braucht es eine Regeländerung.
        [not-suspendable] Nur eine solche wird ausgesetzt; für alles andere braucht es eine Regeländerung.
        [stopped-already] Warte, bis es von selbst weitergeht.
        [paused] Es geht von selbst weiter; oben auf der Seite steht, wann.
        [plugin-paused] Sie geht von selbst weiter; versuch es später.
        [plugin-unavailable] Eine Regeländerung, die eine andere Fassung nimmt, hilft: bitte jemanden aus dem Vorstand darum. Wer den Knoten betreibt, kann sie wieder in Gebrauch nehmen.
        [against-constitution] Lass es weg, oder ändert zuerst die Grundregeln.
        [already-sponsored] Warte auf andere, oder auf die Abstimmung.
        [own-amendment] Frag jemand anderen.
        [decided] Schreib eine andere Änderung auf.
        [no-change] Ändere etwas und schick es noch einmal.
        [instead-of-another] Nenn die, die zuerst da war.
        [one-at-a-time] Schreib sie für sich auf, und sag in der Aussprache, welche du willst.
        [too-many-rivals] Rede bei einer davon mit.
        [too-many-versions] Schreib eine neue auf.
        [not-an-effect] Lass es weg.
        [voted-together] Stimm für etwas anderes davon, oder dafür, dass alles bleibt.
        [still-discussed] Warte, bis die Zeit dafür um ist.
        [superseded] Schreib es auf den jetzigen Regeln neu.
        [unreadable-rules] Prüf sie, und schick sie noch einmal.
        [unsafe-rules] Bring Regeln, bei denen das nicht geschehen kann.
        [wrong-status] Sieh nach, wo sie steht.
        [no-review] Lass es, wie es ist.
        [no-veto] Stimm ab, oder schlag eine andere Änderung vor.
        [vetoed-before] Schlag eine andere Änderung vor.
        [no-way-of-deciding] Nur wer den Knoten betreibt, kann solche Regeln auf den heutigen Stand bringen.
        [not-dormant] Überlass es ihnen.
        [vote-closed] Sieh nach, was daraus geworden ist.
        [not-a-voter] Red bei der nächsten Änderung mit, solange sie ein Entwurf ist.
        [has-voted] Lass das Papier weg.
        [clerks-differ] Seht das Papier gemeinsam an; wer sich geirrt hat, trägt es noch einmal ein.
        [own-ballot] Stimm selbst ab, oder bitte jemand anderen darum.
        [nobody-can-decide] Wartet, bis mehr dazugehören.
        [too-many-voters] Teilt sie auf.
        [no-such-proxy] Nenn ein anderes Mitglied.
        [unknown-topic] Wähl aus, was dasteht, oder nichts für alles.
        [bad-signature] Unterschreib noch einmal.
        [unknown-key] Unterschreib mit dem, den du in diesem Netzwerk hast.
        [own-hand] Das tut jeder selbst.
        [own-key] Frag die, die du dafür genannt hast.
        [key-there] Wechsle zum nächsten; ist auch der verloren, frag die, die du dafür genannt hast.
        [no-key] Nenn einfach einen.
        [not-a-guardian] Frag die Genannten.
        [not-signed-with-it] Unterschreib mit ihm.
        [not-the-next-key] Nimm den nächsten, den du aufbewahrt hast; ist er verloren, frag die, die du dafür genannt hast.
        [quote-changed] Sieh ihn dir noch einmal an, und nimm ihn dann an.
        [quote-expired] Lass dir noch einmal einen nennen.
        [quote-missing] Lass dir zuerst den Preis nennen.
        [nothing-shares-out] Eine Regeländerung kann eine Rechenregel dafür einführen.
        [not-a-sandbox] Versuch es in einem solchen.
        [plugin-refused] Versuch es zu anderen Bedingungen, oder frag jemanden, der sich kümmert, was diese Regel verlangt.
        [plugin-failed] Es ist nichts aufgeschrieben. Sag denen, die sich kümmern, dass diese Berechnung nicht geht.
       *[other] { $sentence }
    }
   *[other] { $code ->
        [plugin-failed] Eine Berechnung dieses Netzwerks konnte nicht antworten.
        [on-loan] Das ist gerade verliehen.
        [already-promised] Das ist schon jemandem versprochen.
        [already-settled] Das ist schon erledigt.
        [handed-over] Das ist schon übergeben worden.
        [not-enough] So viel ist nicht da.
        [unknown-action] Diese Handlung gibt es nicht.
        [bad-value] Eine Angabe passt nicht: { $sentence }
        [too-many-digits] Das hat mehr Nachkommastellen, als hier gezählt werden.
        [quantity-too-large] Die Menge ist zu groß.
        [wrong-unit] Das ist in einer anderen Einheit, als hier gezählt wird.
        [not-a-number] Das ist keine Zahl.
        [fixed-property] Das ändert sich nicht von selbst.
        [stale-revision] Das ist inzwischen geändert worden.
        [already-known] Das ist hier schon aufgeschrieben.
        [report-differs] Im Bericht steht etwas anderes als in den Büchern: { $sentence }
        [unknown-record] Etwas, das genannt wird, steht nicht in den Büchern dieses Netzwerks: { $sentence }
        [wrong-class] Etwas, das genannt wird, ist von anderer Art, als hier stehen kann: { $sentence }
        [contradicting-times] Die Zeiten widersprechen sich: { $sentence }
        [not-for-action] Eine Angabe gehört nicht zu dieser Handlung: { $sentence }
        [not-held] Das ist nicht in den Händen derer, die es übergeben würden.
        [not-owned] Das gehört nicht denen, die es hergeben würden.
        [not-that-promise] Das ist nicht, was versprochen war.
        [bad-offer] Dieses Angebot lässt sich so nicht annehmen.
        [bad-round] Das lässt sich so nicht verteilen.
        [bad-correction] Das berichtigt nicht das Ereignis, das es nennt.
        [bad-container] So lässt sich der Behälter nicht füllen oder bewegen.
        [admission-held] Niemand wird aufgenommen, solange offen ist, wer darüber abstimmt, ob jemand geht.
        [bad-role] Diese Rolle wird niemandem gegeben.
        [bad-span] Diese Frist ist zu kurz oder zu lang: { $sentence }
        [bad-amount] Das ist keine Menge in einer Einheit dieses Netzwerks.
        [no-member] Hier geht das nur mit jemandem, der zu diesem Netzwerk gehört.
        [no-reason] Dafür braucht es eine Begründung, und keine zu lange.
        [no-such-role] Dieses Mitglied hat diese Rolle nicht.
        [too-many-roles] Mehr Rollen hat ein Mitglied nicht.
        [something-open] Es ist noch etwas offen: { $sentence }
        [still-belongs] Wer noch dazugehört, wird nicht gelöscht.
        [changed-meanwhile] Inzwischen hat sich etwas geändert.
        [own-access] Niemand bürgt für sich selbst, dass er es ist.
        [said-already] Das hast du schon gesagt.
        [no-applicant] Wer gefragt hat, ist nicht mehr da.
        [no-certificate] Hier fehlt, was bescheinigt wird, oder niemand bescheinigt hier etwas.
        [no-voucher] Du kannst hier nicht bürgen oder bescheinigen.
        [takes-no-vouchers] In diesem Netzwerk bürgt und bescheinigt niemand.
        [takes-vouchers] Es fehlen noch welche, die bürgen oder bescheinigen.
        [no-way-to-join] Die Regeln dieses Netzwerks sagen nicht, wie man darum bittet, dazuzugehören.
        [unanswered] Es sind noch Fragen offen.
        [case-closed] Dieser Fall ist abgeschlossen.
        [is-party] Niemand sieht sich einen eigenen Fall an.
        [no-cases] Die Regeln dieses Netzwerks sagen nicht, wer sich Fälle ansieht.
        [too-many-cases] So viele Fälle auf einmal hat niemand offen.
        [too-much-said] In diesem Fall ist schon so viel gesagt, wie gesagt werden kann.
        [too-many-exceptions] So viele Ausnahmen auf einmal hat niemand.
        [not-excepted] Davon wird niemand ausgenommen.
        [not-suspendable] Das ist keine Regel dieses Netzwerks, die etwas verbietet.
        [stopped-already] Das ist schon angehalten.
        [paused] Dieses Netzwerk ist zur Sicherheit angehalten.
        [plugin-paused] Eine Berechnung, die es dafür braucht, ist zur Sicherheit angehalten.
        [plugin-unavailable] Eine Berechnung, die es dafür braucht, ist außer Gebrauch.
        [against-constitution] Die Grundregeln stehen dem entgegen.
        [already-sponsored] Das steht schon da.
        [own-amendment] Wer eine Änderung aufgeschrieben hat, kann nicht auch der andere sein, der darüber reden will.
        [decided] Das ist entschieden und wird nicht zurückgenommen.
        [no-change] Das ändert nichts.
        [instead-of-another] Diese Änderung steht selbst anstelle einer anderen.
        [one-at-a-time] Über solche Änderungen wird hier einzeln abgestimmt.
        [too-many-rivals] Anstelle dieser Änderung stehen schon so viele, wie es sein können.
        [too-many-versions] Diese Änderung ist schon sehr oft neu geschrieben worden.
        [not-an-effect] Das ist nichts, was eine Abstimmung ausführt.
        [voted-together] Darüber wird mit anderem zusammen abgestimmt.
        [still-discussed] Über so eine Änderung wird länger geredet.
        [superseded] Die Regeln haben sich geändert, seit das geschrieben wurde.
        [unreadable-rules] Diese Regeln lassen sich nicht lesen.
        [unsafe-rules] Unter diesen Regeln könnte niemand mehr etwas ändern.
        [wrong-status] An dem Punkt ist diese Änderung nicht.
        [no-review] Das wird nicht noch einmal angesehen.
        [no-veto] Das lässt sich so nicht aufhalten.
        [vetoed-before] Das ist schon einmal aufgehalten worden.
        [no-way-of-deciding] Die Regeln dieses Netzwerks sagen nicht, wie sie geändert werden.
        [not-dormant] Hier hat noch vor Kurzem jemand etwas getan: Die Mitglieder können ihre Regeln selbst ändern.
        [vote-closed] Diese Abstimmung ist vorbei.
        [not-a-voter] Wer hierüber abstimmt, stand fest, als es begann, und du bist nicht darunter.
        [has-voted] Diese Stimme ist schon abgegeben.
        [clerks-differ] Die andere Hand hat für dieses Mitglied etwas anderes eingetragen.
        [own-ballot] Niemand trägt die eigene Stimme vom Papier ein.
        [nobody-can-decide] Es könnten weniger abstimmen, als es dafür braucht.
        [too-many-voters] So viele können über eine Frage nicht abstimmen.
        [no-such-proxy] Dafür muss jemand anders genannt werden.
        [unknown-topic] So heißt nichts, worüber abgestimmt wird.
        [bad-signature] Die Unterschrift gilt nicht: { $sentence }
        [unknown-key] Der Schlüssel, mit dem es unterschrieben ist, ist hier jetzt nicht deiner.
        [own-hand] Niemand ändert den Schlüssel von jemand anderem.
        [own-key] Niemand sagt von sich selbst, dass der Schlüssel verloren ist.
        [key-there] Du hast hier schon einen Schlüssel.
        [no-key] Hier gibt es keinen Schlüssel, der verloren sein könnte.
        [not-a-guardian] Dafür sind andere genannt.
        [not-signed-with-it] Das ist nicht mit dem Schlüssel unterschrieben, um den es geht.
        [not-the-next-key] Das ist nicht der Schlüssel, der als nächster genannt war.
        [quote-changed] Der Preis ist inzwischen ein anderer.
        [quote-expired] Der genannte Preis gilt nicht mehr.
        [quote-missing] Hier wird zuerst ein Preis genannt, und es ist keiner angenommen.
        [nothing-shares-out] Die Regeln dieses Netzwerks verteilen nichts.
        [not-a-sandbox] Nur in einem Netzwerk zum Probieren lässt sich die Uhr stellen.
       *[other] { $sentence }
    }
}
