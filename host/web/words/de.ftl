# Die eigenen Worte der Seiten, auf Deutsch. Was in den Büchern oder in den Regeln eines Netzwerks steht, ist nicht hier.

## Rahmen
skip-to-content = Zum Inhalt springen
sign-out = Abmelden
nav-label = Seiten
nav-home = Start
nav-board = Brett
nav-things = Dinge
nav-people = Leute
nav-rules = Regeln
nav-votes = Abstimmungen
nav-journal = Tagebuch
trial-network = Das ist ein Netzwerk zum Ausprobieren. Sein Kalender sagt { $today }.
rules-here = Welche Regeln hier gelten
something-wrong = Etwas stimmt nicht
times-in = Uhrzeiten gelten in { $zone }.
back-home = Zurück zum Start
exactly = Genau
why = Warum
name = Name
it = es
somebody = jemand
something = etwas
nobody = niemand
or = {" oder "}
and = {" und "}
quoted = „{ $name }“
is-until = { $is }, bis { $due }
is-review = { $is }; wieder angesehen bis { $due }
earlier = Früheres
stopped = { $kind ->
    [network] Hier ruht alles bis { $until }: { $reason }
    [plugin] Was „{ $name }“ berechnet, ruht bis { $until }: { $reason }
   *[other] Die Regel „{ $name }“ ist ausgesetzt bis { $until }: { $reason }
}

## Daten und Zahlen
date-unknown = irgendwann
date-weekday = { $n ->
    [1] Montag
    [2] Dienstag
    [3] Mittwoch
    [4] Donnerstag
    [5] Freitag
    [6] Samstag
   *[other] Sonntag
}
date-month = { $n ->
    [1] Jan.
    [2] Feb.
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] Aug.
    [9] Sept.
    [10] Okt.
    [11] Nov.
   *[other] Dez.
}
date-day = { $weekday }, { $day }. { $month } { $year }
date-moment = { $day }, { $time } Uhr
date-deadline = { $moment } ({ $zone })
date-due = { $late ->
    [0] { $days ->
        [0] fällig heute, { $day }
        [1] fällig morgen, { $day }
       *[other] fällig in { $days } Tagen, { $day }
    }
   *[other] { $days ->
        [0] war heute fällig, { $day }
        [1] war gestern fällig, { $day }
       *[other] war vor { $days } Tagen fällig, { $day }
    }
}
number-decimal = ,
date-today = heute
date-tomorrow = morgen

## Wenn etwas nicht geht
problem-title = Das hat nicht geklappt
problem-remedy = Versuch es noch einmal, und sag es einer Verwalterin, wenn es dabei bleibt.
problem-number = Wer diesen Knoten betreibt, findet mehr unter { $number } im Protokoll.
nothing-lost = Nichts ist verloren.
problem-away = Die Datenbank antwortet gerade nicht.
problem-away-remedy = Versuch es gleich noch einmal.
problem-word = Dieses Formular wurde nicht für deine Sitzung gemacht.
problem-word-remedy = Geh zurück, lade die Seite neu und schick es noch einmal.
problem-form = Dieses Formular ist nicht vollständig.
problem-form-remedy = Geh zurück und lade die Seite neu.
too-often-title = Zu oft
too-often = Das war zu oft. In { $seconds ->
    [one] einer Sekunde
   *[other] { $seconds } Sekunden
} ist wieder Platz.
too-often-remedy = Warte ein wenig und versuch es dann noch einmal.
not-here-title = Nicht hier
not-here = Hier ist nichts, das du sehen darfst.
not-here-remedy = Prüf die Adresse, oder schau auf das Brett.
rejection = { $code ->
    [malformed] Das lässt sich nicht lesen: { $what }
    [command-id-conflict] Dieses Formular wurde schon einmal geschickt, mit anderem Inhalt.
    [unknown-network] Hier gibt es kein Netzwerk „{ $what }“.
    [unknown-agent] Niemand namens „{ $what }“ gehört zu diesem Netzwerk.
    [catching-up] Das Netzwerk holt gerade nach, was fällig geworden ist.
    [busy] Das Netzwerk ist gerade ausgelastet.
    [too-many-refusals] Heute wurde zu viel abgelehnt; schau nach, warum die früheren Versuche abgelehnt wurden.
    [too-large] Das ist zu viel für einen Schritt; teil es auf.
    [unsigned-plugin] Zu wenige von denen, denen dieses Netzwerk vertraut, haben diese Rechenregel unterschrieben.
    [revoked-plugin] Wer diesen Knoten betreibt, hat diese Berechnung widerrufen; nimm eine andere Fassung.
    [too-much-to-read] Das betrifft zu viel auf einmal; teil es auf.
    [no-answer] Eine Regel dieses Netzwerks hat nicht rechtzeitig geantwortet.
    [database-away] Die Datenbank ist gerade weg.
    [network-elsewhere] Dieses Netzwerk lebt jetzt auf einem anderen Knoten; hier werden seine Bücher nur noch gelesen.
    [network-full] Dieses Netzwerk hat seinen Platz auf diesem Knoten aufgebraucht.
    [too-much-today] Dieses Netzwerk hat aufgebraucht, was es an einem Tag tun darf.
    [disk-full] Die Platte dieses Knotens ist voll.
   *[other] Auf unserer Seite ist etwas schiefgegangen.
}
identity-error = { $why ->
    [not-you] Name und Passwort gehören nicht zusammen; prüf beides, oder bitte eine Verwalterin um ein neues Passwort.
    [bad-code] Dieser Code zählt nicht oder nicht mehr. Nimm den neuesten.
    [bad-name] Ein Name und ein Passwort haben 1 bis 200 Zeichen.
    [taken] In diesem Netzwerk gibt es schon jemanden namens „{ $name }“.
    [nobody] In diesem Netzwerk meldet sich niemand als „{ $name }“ an.
   *[other] Passwörter lassen sich gerade nicht prüfen; versuch es gleich noch einmal.
}
refused = abgelehnt
refused-not-permitted = Keine Regel dieses Netzwerks erlaubt das.
refused-not-permitted-remedy = Sieh in die Regeln, oder frag eine Verwalterin.

## Eingang, Anmelden, Beitreten
networks-title = Netzwerke
networks-none = Hier lebt noch kein Netzwerk. Wer diesen Knoten betreibt, gründet eines mit
found-title = Ein Netzwerk gründen
found-state = Leute, die Dinge teilen, nach Regeln, die sie wählen und ändern können.
found-charter = Mit welchen Regeln beginnt es?
found-no-charter = Wähl die Regeln, mit denen es beginnt.
found-shelf-empty = Hier gibt es noch keine Regeln, mit denen es beginnen könnte. Wer diesen Knoten betreibt, legt welche ins Regal mit
found-name = Wie heißt es?
found-name-help = Kleine Buchstaben, Ziffern und Bindestriche, wie in „werkstatt-ecke“; es steht in jeder Adresse.
found-name-mistake = Nimm nur kleine Buchstaben, Ziffern und Bindestriche, höchstens 60.
found-name-taken = Hier gibt es schon ein Netzwerk namens „{ $name }“.
found-place = Wo ist es?
place-title = Wo das Netzwerk ist
place-name = Wie ihr den Ort nennt
setting-flag = { $flag ->
    [true] Ja
   *[other] Nein
}
setting-mistake = { $why ->
    [number] Das ist eine ganze Zahl.
    [flag] Das ist Ja oder Nein.
    [amount] Das ist ein Betrag in einer Einheit dieser Regeln, etwa 20.00 EUR.
    [unit] Das ist eine Einheit dieser Regeln.
    [agent] Das ist jemand, der zu diesem Netzwerk gehört.
    [spec] Das ist eine Art von Dingen.
    [least] Das ist mindestens { $bound }.
    [greatest] Das ist höchstens { $bound }.
    [choices] Das ist eines von { $bound }.
   *[other] Das ist ein Text.
}
place-zone = Nach wessen Uhr?
place-zone-help = Eine Stadt, die eine Zeitzone hat, wie Berlin, oder der Name der Zone, wie Europe/Berlin. Jede Frist ist danach gemeint.
place-name-mistake = Der Name eines Ortes ist eine kurze Zeile.
place-zone-mistake = Eine Zeitzone dieses Namens gibt es nicht. Schreib eine Stadt, die eine hat, wie Berlin oder Europe/Berlin.
found-me = Dein eigener Name
found-others = Wer verwaltet es noch?
found-others-help = Ein Name je Zeile. Alle bekommen eine Einladung. Ein echtes Netzwerk hat mindestens zwei, die es verwalten.
found-two-stewards = Ein echtes Netzwerk verwalten mindestens zwei: nenn noch jemanden, oder gründe es zum Ausprobieren.
found-many-stewards = Das sind mehr als { $most }; weitere können später dazukommen.
found-sandbox = Nur zum Ausprobieren, mit einem Kalender, der sich verstellen lässt
found-button = Gründen
found-gone-title = Dieser Link ist vorbei
found-used = Damit wurde schon ein Netzwerk gegründet.
found-gone-remedy = Bitte, wer diesen Knoten betreibt, um einen neuen.
founded-title = { $name } ist gegründet
founded-state = Du bist angemeldet und verwaltest es.
founded-how = Schick diese Adresse an diese Person; sie wirkt einmal.
founded-go = Zu deinem Netzwerk
mistake-name-person = Sag, wie du heißt.
sign-in = Anmelden
sign-in-to = bei { $network }
your-name = Dein Name
your-password = Dein Passwort
members-only = Nur Mitglieder sehen, was in diesem Netzwerk ist.
ask-to-join = Um Aufnahme bitten
steward-admits = Eine Verwalterin kann dich aufnehmen.
join-title = Bei { $network } mitmachen
join-name = Dein Name, mit dem du dich anmeldest
join-password = Ein Passwort
join-who-reads = Mitglieder lesen deine Antworten.
join-closed = Hier kann niemand um Aufnahme bitten: die Regeln sagen nicht, wie.
join-closed-remedy = Bitte ein Mitglied, dich aufzunehmen.
invite-title = Jemanden einladen
invite-state = Ein Link oder ein gedruckter Code, der eine Person einlässt, einmal.
invite-cannot = Du kannst niemanden einladen: { $sentence }
invite-name = Für wen ist sie?
invite-name-help = Nur für dich und das Papier; wie jemand hier heißt, entscheidet jede Person selbst.
invite-button = Einladung machen
invite-open = Noch nicht benutzt
invite-by-until = von { $by }, bis { $until }
invitation-to = Eine Einladung zu { $network }
invitation-for = { $name }, du bist eingeladen zu { $network }
invitation-how = Öffne diese Adresse, oder halte die Kamera eines Telefons auf den Code. Sie wirkt einmal. Druck diese Seite, oder schick die Adresse an eine Person.
invitation-code = Ein Code, der zur Einladung führt
invitation-until = Sie gilt bis { $until }.
invited-state = Du bist eingeladen zu { $network }. Wähl ein Passwort, dann bist du dabei.
invited-settled = Du gehörst schon dazu, als { $name }; mit diesem Namen meldest du dich an.
invited-button = Hereinkommen
invited-gone-title = Diese Einladung ist vorbei
invited-used = Sie wurde schon benutzt: jede lässt eine Person ein, einmal.
invited-expired = Ihre Zeit ist abgelaufen.
invited-gone-remedy = Bitte die Person, die dich eingeladen hat, um eine neue.
me-state = Du, bei { $network }.
me-roles = Deine Rollen
me-delegations = Wer für wen handelt
me-no-delegations = Niemand handelt in deinem Namen, und du in keinem anderen.
me-signed-in = Wo du angemeldet bist
me-sessions = { $count ->
    [one] Nur hier.
   *[other] An { $count } Stellen, diese eingerechnet.
}
me-sign-out-elsewhere = Überall sonst abmelden
me-password = Ein anderes Passwort
me-password-old = Dein Passwort jetzt
me-password-new = Dein neues Passwort
me-password-button = Ändern
me-password-changed = Dein Passwort ist geändert, und du bist überall sonst abgemeldet.
me-password-wrong = Das ist nicht dein Passwort; nichts wurde geändert.

## Start
home-hello = Hallo { $name }
home-state = { $count ->
    [0] gerade braucht dich nichts
    [one] eine Sache braucht dich
   *[other] { $count } Sachen brauchen dich
}
home-offers = Was du ausleihen kannst
home-whole-board = Das ganze Brett
home-last = Was zuletzt geschah
look-at-it = Ansehen
see-what-for = Wofür?
needs-return = { $thing } { $due }.
needs-fee = Du schuldest { $amount }.
needs-hand-over = { $who } wartet auf { $thing }.
needs-vote = Deine Stimme fehlt: „{ $title }“, bis { $due }.
needs-review = „{ $title }“ soll wieder angesehen werden, bis { $due }.
needs-case = Du kümmerst dich um einen Fall, bis { $due }.
needs-matched = { $count ->
    [one] Für „{ $need }“ gibt es etwas.
   *[other] Für „{ $need }“ gibt es { $count } Dinge.
}
needs-applications = { $count ->
    [one] Jemand möchte mitmachen.
   *[other] { $count } Leute möchten mitmachen.
}

## Brett, Dinge, Leihen
board-nearest = Was du ausleihen kannst, das Nächste zuerst.
board-oldest = Was du ausleihen kannst, das älteste Angebot zuerst.
board-empty = Gerade wird nichts angeboten. Sobald jemand etwas verleiht, steht es hier.
board-needed = Was gebraucht wird
board-offered = Was angeboten wird
need-new = Sagen, was du brauchst
need-what = Was brauchst du?
need-until = Bis wann?
need-kind-help = Wenn es eine Art dafür gibt, finden wir, was passt.
need-button = Aufs Brett damit
need-by = { $who } braucht das
need-by-until = { $who } braucht das, bis { $until }
need-yours = deins
need-over = wird nicht mehr gebraucht
need-matches = Was passen würde
need-matches-other = Was es schon gibt
need-no-match = Es gibt noch nichts, das passt.
need-not = Was nicht passt, und warum
need-take-off = Ich brauche es nicht mehr
match-kind = Es ist von der Art „{ $kind }“.
match-word = Es heißt auch „{ $word }“.
offer-new = Etwas von dir verleihen
offer-what = Was verleihst du?
offer-kind-help = Wer so etwas braucht, findet es über seine Art.
offer-label = Sein Etikett, wenn es eines hat
offer-label-help = Eine Nummer oder ein Wort, das darauf steht.
offer-button = Eintragen und anbieten
kind-none = keine bestimmte Art
more-about-it = Mehr dazu, wenn du magst
day-help = „Freitag“, „27.11.“ oder „2026-11-27“. Du kannst es offen lassen.
mistakes = Sieh dir das bitte noch einmal an
mistake-name = Sag, was es ist.
mistake-day = Schreib einen Tag als „Freitag“, „27.11.“ oder „2026-11-27“.
mistake-day-past = Dieser Tag ist schon vorbei.
mistake-no-unit = Die Regeln dieses Netzwerks sagen nicht, worin Dinge gezählt werden; frag eine Verwalterin.
lend-this = Auf dem Brett anbieten
take-off-board = Vom Brett nehmen
see-all-things = Alle Dinge ansehen
borrow = Ausleihen
borrow-this = Ausleihen
borrow-title = { $thing } ausleihen
borrow-days = Für wie viele Tage
borrow-show-price = Preis zeigen
borrow-not-yet = Du kannst das noch nicht ausleihen: { $sentence }
borrow-until = { $days ->
    [one] Ein Tag
   *[other] { $days } Tage
}, bis { $until }
borrow-line-deposit = Pfand, kommt zurück, wenn es zurückkommt
borrow-line-fee = Gebühr
borrow-line-rate = Für jeden angefangenen Tag danach
borrow-holds = Dieser Preis gilt bis { $until }.
borrow-button = { $days ->
    [one] Für einen Tag ausleihen
   *[other] Für { $days } Tage ausleihen
}
borrow-button-deposit = { $days ->
    [one] Für einen Tag ausleihen + { $sum } Pfand
   *[other] Für { $days } Tage ausleihen + { $sum } Pfand
}
thing = Ding
thing-whose = Wem es gehört
thing-state = Stand
things-count = { $count ->
    [one] Ein Ding, das du sehen darfst.
   *[other] { $count } Dinge, die du sehen darfst.
}
more-things = Weitere Dinge
things-all = Alle
things-mine = Meine
things-with = Bei mir
thing-report = Ein Problem damit melden
thing-qr = Ein Code, der auf diese Seite führt
label-link = Etiketten drucken
label-title = Etiketten für { $thing }
label-state = Ein Bogen mit 24; druck diese Seite.
story-title = Ein Ding aus einem Netzwerk
story-belongs = Es gehört zu { $network }.
story-hidden = Es gehört zu { $network }; dessen Regeln sagen Fremden nicht mehr darüber.
story-go-on = Als Mitglied weiter
story-found = Hast du es gefunden? Ein Mitglied dieses Netzwerks weiß, wohin es gehört.
thing-here = da
thing-lent = verliehen an { $who }
thing-lent-until = verliehen an { $who }, { $due }
thing-promised = versprochen an { $who }
thing-with = bei { $who }
thing-belongs-to = Gehört
thing-is-with = Ist bei
thing-kind = Art
thing-training = Braucht Einweisung
thing-there = Warum es bei dir im Angebot da steht, wo es steht
thing-label = Etikett
thing-may = Was du damit tun darfst
thing-may-not = Und was nicht, und warum
might = { $act ->
    [borrow-it-for-a-week] es für eine Woche ausleihen
    [write-down-that-it-changed-hands] aufschreiben, dass es in andere Hände kam
    [write-it-off] es ausbuchen
    [give-it-away-for-good] es für immer weggeben
    [offer-it-in-your-own-name] es in deinem Namen anbieten
    [change-how-it-is-described] seine Beschreibung ändern
   *[other] { $what }
}
see-the-loan = Zur Ausleihe
what-happened = Was geschah
nothing-yet = Noch nichts.
loans = Ausleihen
loans-summary = { $count ->
    [0] Nichts ist verliehen oder versprochen.
    [one] Ein Ding ist verliehen oder versprochen.
   *[other] { $count } Dinge sind verliehen oder versprochen.
}
loan-out = verliehen
loan-out-until = verliehen, { $due }
loan-promised = versprochen, noch zu übergeben
loan-take-back = Es ist zurück
loan-hand-over = Übergeben
loan-call-off = Absagen
open-payments = Offene Zahlungen
nobody-owes = Niemand schuldet etwas.
fee-owed = { $who } schuldet { $to } { $amount }
fee-what = { $kind ->
    [late] ein Tag zu spät: { $thing }, seit { $since }
   *[other] eine Gebühr für { $thing }, seit { $since }
}
fee-paid = Es wurde bezahlt
fee-let-go = Stattdessen erlassen
fee-waive = { $amount } erlassen

## Leute, Beitreten
people-count = { $count ->
    [one] Ein Mitglied, das du sehen darfst.
   *[other] { $count } Mitglieder, die du sehen darfst.
}
people-does = Tut
people-trained = Eingewiesen in
people-since = Seit
more-people = Weitere Leute
person-not-member = gehört nicht zu diesem Netzwerk
person-member = gehört zu diesem Netzwerk
person-member-since = gehört zu diesem Netzwerk seit { $since }
person-me = Was meins ist
person-lacks-account = { $name } kann sich noch nicht anmelden.
person-give-account = Einladung machen
person-things = Was dieser Person gehört
who-wants-to-join = Wer mitmachen möchte
joining-none = Niemand hat gefragt.
application-status = { $status ->
    [waiting] { $who } möchte mitmachen.
    [accepted] { $who } wurde aufgenommen.
    [declined] { $who } wurde nicht aufgenommen.
    [withdrawn] { $who } wollte nicht mehr.
   *[other] { $who } bekam nicht rechtzeitig Antwort.
}
application-vouched = { $so-far ->
    [0] Es braucht { $takes }, die bürgen; noch hat es niemand getan.
   *[other] Es braucht { $takes }, die bürgen; bisher: { $names }.
}
step-application-withdraw = Ich möchte nicht mehr
step-application-accept = Aufnehmen
step-application-decline = Ablehnen
step-application-vouch = Ich bürge
tables-title = Eine Tabelle übernehmen
tables-state = Mitglieder, Dinge, Ausleihen oder Guthaben, wie ihr sie bisher führt.
tables-which = Was steht darin?
tables-members = Mitglieder
tables-things = Dinge
tables-loans = Ausleihen
tables-balances = Guthaben
tables-valueflows = Alles, wie ValueFlows es aufschreibt
tables-file = Eine Datei (eine Tabelle oder ValueFlows)
tables-text = Oder hier einfügen
tables-text-help = Die erste Zeile sagt, was die Spalten sind. Aus einer Tabelle kopierte Zeilen genügen.
tables-try = Sehen, was daraus würde
tables-try-again = Noch einmal ansehen
tables-take = Übernehmen
tables-faults = { $count ->
    [one] Nichts wurde übernommen: eine Zeile muss verbessert werden.
   *[other] Nichts wurde übernommen: { $count } Zeilen müssen verbessert werden.
}
tables-line = Zeile { $line }:
tables-mend = Verbessere sie unten oder in deiner Datei und versuch es noch einmal.
tables-good = { $rows ->
    [one] Eine Zeile kann so übernommen werden. Noch ist nichts übernommen.
   *[other] Alle { $rows } Zeilen können so übernommen werden. Noch ist nichts übernommen.
}
tables-taken = { $rows ->
    [one] Eine Zeile wurde übernommen.
   *[other] { $rows } Zeilen wurden übernommen.
}
tables-known = Alles davon ist schon hier; nichts kam dazu.
tables-notes = Was auffiel
tables-columns = Welche Spalten jede Tabelle haben kann
tables-too-large = Diese Tabelle ist länger als eine, die hier übernommen werden kann.
tables-too-large-remedy = Übernimm sie in Teilen, oder frag, wer diesen Knoten betreibt.

## Tagebuch, Erklärungen
journal-state = Was du davon sehen darfst, was erbeten und entschieden wurde, das Neueste zuerst.
journal-empty = Noch nichts, das du sehen darfst.
journal-when = { $when } · Eintrag { $seq }
journal-all = Alles
journal-mine = Meins
journal-refused = Abgelehntes
journal-rules = Regeln und Leute
audit-link = Prüfen und aufheben
audit-title = Das Tagebuch prüfen
audit-state = { $entries ->
    [one] bisher ein Eintrag
   *[other] bisher { $entries } Einträge
}
audit-what = Jeder Eintrag enthält, was erbeten wurde, wie entschieden wurde und was daraus wurde, verkettet mit dem davor. Das Prüfen entscheidet all das neu nach den Regeln seiner Zeit und vergleicht.
audit-button = Alles neu entscheiden
audit-elsewhere = Bis zu { $most } Einträge prüft von hier aus, wer das Netzwerk verwaltet. Wer die Bücher hat, prüft mehr davon mit
audit-good = Alles ist, wie es geschrieben wurde, und geht aus wie zuvor.
audit-bad = Etwas ist nicht, wie es geschrieben wurde. Sag es der Person, die diesen Knoten betreibt, und heb diese Seite auf.
audit-found = { $entries } Einträge, { $decisions } Entscheidungen neu getroffen; { $erased ->
    [0] nichts wurde gelöscht.
   *[other] bei { $erased } wurde etwas Persönliches gelöscht.
}
audit-download = Was du davon sehen darfst, als Tabelle (CSV)
audit-signed = Was unterschrieben ist
audit-signed-why = Wer diese Zeilen aufhebt, kann später sehen, dass nichts davor geändert wurde.
why-refused-title = Abgelehnt
why-done = Erledigt
why-not-possible = Das war nicht möglich
why-asked = Erbeten: { $asked }
why-what-to-do = Was du tun kannst:
why-wrong = Du meinst, das ist falsch?
why-wrong-say = Sag, warum; jemand Unbeteiligtes sieht es sich an
why-appeal = Widersprechen
why-nothing-changed = Nichts wurde geändert. Entschieden { $when }, Eintrag { $seq } im Tagebuch.
why-written = Aufgeschrieben { $when }, Eintrag { $seq } im Tagebuch.
why-written-permitted = Aufgeschrieben { $when }, Eintrag { $seq } im Tagebuch, erlaubt durch: { $rules }.

## Fälle
cases = Fälle
case = Ein Fall
cases-state = Wenn du meinst, dass eine Entscheidung falsch war oder dass etwas nicht ist, wie es sein soll.
cases-none = Keiner betrifft dich.
cases-yours = Du kümmerst dich darum
report-something = Etwas melden
report-what = Was ist es?
report-against = Geht es um jemanden? Dann der Name
report-who-reads = Du, wen es betrifft, und wer sich darum kümmert, können das lesen; sonst niemand.
report-button = Melden
exceptions-made = Ausnahmen, die gemacht wurden
exception = { $who } darf einmal { $act }{ $about ->
    [0] {""}
   *[other] {" "}({ $thing })
}{ $although ->
    [0] {""}
   *[other] , obwohl „{ $rule }“
}, { $status ->
    [standing] bis { $until }
    [used] was genutzt wurde
    [withdrawn] was zurückgenommen wurde
   *[other] was niemand genutzt hat
}: { $reason } ({ $by })
case-what = { $kind ->
    [appeal] { $author } hält eine Entscheidung für falsch
   *[other] { $author } hat etwas gemeldet
}
case-status = { $status ->
    [open] jemand kümmert sich
    [upheld] abgeschlossen: es bleibt dabei
    [reversed] abgeschlossen: es war falsch und wird gutgemacht
    [mediated] abgeschlossen: sie haben sich geeinigt
   *[other] zurückgenommen
}
case-between = Zwischen
case-assignee = Kümmert sich
case-nobody-yet = noch niemand
case-about = Über
case-decision = Die Entscheidung
case-said = Was gesagt wurde
case-said-gone = Was hier gesagt wurde, ist weg.
case-say = Etwas sagen
case-say-button = Sagen
case-how-ends = Wie endet es?
case-upheld = Es bleibt dabei
case-excepted = Es war falsch: { $who } darf es einmal
case-reversed = Es war falsch, und ich mache es selbst gut
case-mediated = Sie haben sich geeinigt
case-close = Fall abschließen

step-title = Ein zweiter Schritt beim Anmelden
step-off = Dein Passwort allein lässt dich ein.
step-on = Seit { $since } braucht es zum Anmelden auch einen Code.
step-what = Mit einem zweiten Schritt kommt auch nicht herein, wer dein Passwort erfährt: Es braucht dazu einen Code, den dein Telefon zeigt, jede halbe Minute einen neuen. Jedes Programm für solche Codes tut es.
step-begin = Einrichten
step-scan = Lies dieses Bild mit dem Programm auf deinem Telefon, das Codes macht.
step-picture = Ein Code, den dein Telefon liest
step-type = Oder tippe dies hinein:
step-code = Der Code, den es jetzt zeigt
step-confirm = Frag mich von jetzt an nach Codes
step-stop = Doch nicht einrichten
step-codes-made = Schreib sie auf, bevor du weitermachst
step-codes-keep = Jeder davon lässt dich einmal ein statt eines Codes, wenn dein Telefon weg oder leer ist. Sie werden nicht wieder gezeigt.
step-codes-left = { $left ->
    [0] Du hast keine Codes auf Papier mehr. Mach neue.
    [one] Du hast noch einen Code auf Papier.
   *[other] Du hast noch { $left } Codes auf Papier.
 }
step-codes-renew = Neue Codes auf Papier machen
step-let-go = Ohne zweiten Schritt
step-off-button = Mein Passwort allein soll reichen
sign-in-code = Und ein Code
sign-in-code-state = Dein Passwort stimmt. Was zeigt dein Telefon?
sign-in-code-paper = Telefon weg? Einer deiner Codes auf Papier tut es auch.
sign-in-again = Von vorn
sign-in-lost = Passwort oder Telefon verloren? Zwei Leute, die die Regeln nennen, lassen dich wieder ein: Bitte sie um einen Link.
let-back-title = Kann sich nicht mehr anmelden
let-back-what = Hat dieses Mitglied Passwort oder Telefon verloren und bittet darum, wieder eingelassen zu werden? Zwei Leute sagen, dass es wirklich dieses Mitglied ist; dann gibt ihm ein Link ein neues Passwort. Das Mitglied erfährt, wer es gesagt hat.
let-back-say = Es ist { $name }
let-back-said = { $names } hat das gesagt, zuletzt am { $when }.
let-back-link-what = Zwei haben es gesagt. Mach den Link und gib ihn selbst weiter: Er gibt einmal ein neues Passwort.
let-back-link = Den Link machen
let-back-told = { $complete ->
    [1] { $names }: Am { $when } wurde gesagt, dass du es bist und wieder eingelassen werden willst; es kann einen Link zu deinem Konto geben. Wenn du nicht darum gebeten hast, sag es sofort jemandem, der verwaltet.
   *[other] { $names }: Am { $when } wurde gesagt, dass du es bist und wieder eingelassen werden willst. Wenn du nicht darum gebeten hast, sag es sofort jemandem, der verwaltet.
 }
way-back-title = Ein Weg zurück für { $name }
way-back-how = Gib diesen Link nur dieser Person: Wer ihn öffnet, wählt ein neues Passwort für ihr Konto. Ihr zweiter Schritt und ihre anderen Anmeldungen enden.
way-back-state = Wähl ein neues Passwort, und du bist wieder drin. Dein zweiter Schritt, wenn du einen hattest, ist weg; du kannst ihn neu einrichten.
desk = Der Tresen
desk-scan = Wer, oder was?
desk-scan-thing = Was liegt auf dem Tresen?
desk-scan-help = Scan eine Karte oder ein Etikett, oder tippe einen Namen oder die Nummer auf dem Etikett.
desk-look = Nachsehen
desk-unknown = Niemand und nichts heißt hier „{ $text }“, und kein Etikett sagt es.
desk-which = Was davon?
desk-days = Für wie viele Tage?
desk-lend = An { $name } ausleihen
desk-ask-who = Wer nimmt es? Scan die Karte, oder tippe den Namen.
desk-waits = Zurückgelegt
desk-has = Ausgeliehen
desk-owes = Noch zu zahlen
desk-nothing-open = Nichts ist offen.
desk-next = Nächste Person
desk-done-out = Übergeben. Es steht im Buch.
desk-done-back = Zurückgenommen. Es steht im Buch.
desk-done-paid = Bezahlt. Es steht im Buch.
desk-open = Zum Tresen
stock = Inventur
stock-what = Scan alles, was in einem Regal liegt; daneben steht, was die Bücher davon sagen.
stock-whose = Wessen Sachen müssten da sein?
stock-everybody = Alle
stock-codes = Was da ist
stock-codes-help = Je Zeile eines. Ein Scanner macht das von selbst.
stock-button = Mit den Büchern vergleichen
stock-nothing = Scan zuerst etwas.
stock-much = Das sind mehr als { $most } Zeilen; nimm ein Regal nach dem anderen.
stock-state = { $here } wie in den Büchern, { $missing } nicht gefunden, { $surprising } unerwartet hier.
stock-missing = Müsste hier sein und wurde nicht gescannt
stock-surprising = Hier, obwohl die Bücher etwas anderes sagen
stock-here = Hier, wie in den Büchern
stock-unknown = Darunter ist nichts bekannt
card-title = Deine Karte
card-what = Zeig oder druck sie: Am Tresen sagt sie, wer du bist. Anmelden kann sich damit niemand.
card-picture = Ein Code, der sagt, wer du bist
feed-title = Hinweise außerhalb
feed-state = Was hier auf dich wartet, in deinem Kalender und in einem Feed-Reader.
feed-make = Meine Adressen machen
feed-again = Andere Adressen machen
feed-off = Keine Adressen mehr
feed-has = Du hast Adressen. Machst du andere, gelten diese nicht mehr.
feed-made = Diese gehören nur dir
feed-keep = Trag sie in deinen Kalender und deinen Feed-Reader ein. Sie werden nicht wieder gezeigt; wer sie hat, liest, was auf dich wartet, und kann sonst nichts damit tun.
feed-atom = Feed
feed-calendar = Kalender
feed-name = { $network }: wartet auf dich
nav-keeping = Verwalten
nav-operator = Der Knoten
keeping-state = { $members } gehören oder gehörten dazu, { $waiting } bitten um Aufnahme.
keeping-joining = Wer um Aufnahme bittet
keeping-tables = Eine Tabelle übernehmen
keeping-calculations = Was rechnet
keeping-no-calculations = Hier ist keine Berechnung am Werk; die Regeln stehen für sich.
keeping-answering = Jede hat in den neuesten { $last } Einträgen immer geantwortet.
keeping-failing = In den neuesten { $last } Einträgen gaben manche keine Antwort; was da verlangt war, wurde abgelehnt und nichts aufgeschrieben. Sag es, wer den Knoten betreibt und sie anhalten kann, oder schreib eine Regeländerung.
keeping-acts = Für
keeping-failed = Keine Antwort
keeping-uses = Was das Netzwerk braucht
gauge-what = { $kind ->
    [pictures] Bilder
    [bytes] Journal
    [records] Datensätze
    [entries] Einträge heute
   *[plugins] Rechenzeit heute
 }
gauge = { $kind ->
    [pictures] { $used } kB
    [bytes] { $used } kB
    [plugins] { $used } s
   *[other] { $used }
 }
gauge-of = { $kind ->
    [pictures] { $used } von { $most } kB
    [bytes] { $used } von { $most } kB
    [plugins] { $used } von { $most } s
   *[other] { $used } von { $most }
 }
calculation = Berechnung
operator-title = Der Knoten
operator-state = ReflowOS { $version }, { $networks ->
    [one] ein Netzwerk
   *[other] { $networks } Netzwerke
 }, { $components ->
    [one] eine Berechnung
   *[other] { $components } Berechnungen
 } im Regal.
operator-network-state = { $state ->
    [live] lebt hier
    [moved] ist weggezogen
    [copy] wird hier nur gelesen
   *[other] kommt gerade an
 }
operator-sandbox = zum Ausprobieren
operator-entries = { $entries } Einträge, der neueste von jemandem am { $since }
operator-pause = Zur Sicherheit anhalten
operator-resume = Weiterlaufen lassen
operator-hours = Für wie viele Stunden?
operator-found = Netzwerke gründen
operator-shelf = Diese Regeln liegen im Regal; wer einen Link hat, gründet nach einer davon ein Netzwerk.
operator-link = Einen Link machen
operator-link-made = Wer diesen Link öffnet, gründet ein Netzwerk, innerhalb von zwei Wochen. Er wird nicht wieder gezeigt.
problem-stewards = Diese Seite ist für Leute, die verwalten.
problem-stewards-remedy = Frag jemanden davon; unter Leute sehen alle, wer das ist.
photo-of = { $thing }, fotografiert
photo-add = Ein Foto dazutun
photo-other = Ein anderes Foto
photo-choose = Welches?
photo-help = Ein Foto, wie dein Telefon es macht, höchstens 12 MB. Behalten wird nur, was man sieht; wo und wann es entstand, nicht.
photo-button = Hier zeigen
photo-remove = Kein Foto mehr
photo-too-large = Das ist größer als ein Foto, das sich hier zeigen lässt.
photo-unknown = Das ist kein Foto, das sich lesen lässt.
photo-remedy = Schick eines als JPEG, PNG oder WebP, höchstens 12 MB.
papers-title = Unterlagen
paper-about = ({ $kind ->
    [pdf] PDF
   *[other] Text
  }, { $size })
paper-add = Eine Unterlage dazulegen
paper-choose = Welche?
paper-help = Eine Anleitung, eine Rechnung, ein Zeugnis: ein PDF oder reiner Text, höchstens 4 MB. Von einem PDF bleiben nur seine Seiten; wer es wann gemacht hat, bleibt nicht.
paper-button = Hier hinlegen
paper-remove = Wegnehmen
paper-remove-this = { $name } wegnehmen
paper-too-large = Das ist länger als eine Unterlage, die hier liegen kann.
paper-unknown = Das ist weder ein PDF, das sich lesen lässt, noch reiner Text.
paper-locked = Dieses PDF verlangt ein Kennwort.
paper-many = Zu einem Gegenstand liegen höchstens acht Unterlagen.
paper-remedy = Schick ein PDF ohne Kennwort oder reinen Text, höchstens 4 MB. Liegen schon acht da, nimm zuerst eine weg.
acting-for = { $by }, für { $for }
acting-stop = Nicht mehr dafür handeln
acting-begin = Jetzt dafür handeln
delegate-title = { $name } in deinem Namen handeln lassen
delegate-whose = In wessen Namen?
delegate-mine = In meinem
delegate-what = Was ist erlaubt?
delegate-until = Bis wann?
delegate-button = Erlauben
delegate-end = Beenden
delegable = { $act ->
    [borrow] Ausleihen
    [publish] Am Brett anbieten und suchen
    [withdraw] Ausleihen absagen
    [record] Übergeben, zurücknehmen, zahlen
    [waive] Zahlungen erlassen
   *[revise] Ändern, wie etwas beschrieben ist
 }
problem-day = Das ist kein Tag, der sich lesen lässt.
problem-day-remedy = Schreib ihn wie 2026-12-24, 24.12.2026 oder Freitag.
delegate-see = Sehen dürfen sie in jedem Fall, was zu sehen ist, für wen sie handeln.
year-title = Wann es unterwegs war
year-out = An { $days ->
    [one] einem Tag
   *[other] { $days } Tagen
 } des vergangenen Jahres unterwegs; eine Spalte ist eine Woche, die hellen Tage sind noch zugesagt.
edit-title = Wie es beschrieben ist
edit-link = Die Beschreibung ändern
edit-me = Ändern, wie ich heiße
edit-part = { $part ->
    [name] Name
    [note] Notiz
   *[label] Nummer auf dem Etikett
 }
edit-button = Ändern
edit-stale = Das hat inzwischen jemand anders geändert.
edit-stale-remedy = Unten steht, was du geschrieben hast, und daneben, was jetzt da steht. Schick es noch einmal, wie du es haben willst.
edit-now = Jetzt steht da: { $now }
edit-now-nothing = Jetzt steht da nichts.
edit-long = Das ist länger als { $most } Zeichen.
edit-no-name = Alles hat einen Namen; schreib einen.

# Ein eigener Schlüssel.
key-title = Mit einem eigenen Schlüssel unterschreiben
key-none = Du hast hier keinen eigenen Schlüssel: dieser Knoten handelt auf dein Wort, weil du dich angemeldet hast.
key-since = Seit { $since } unterschreibst du mit einem eigenen Schlüssel, { $held ->
    [browser] den ein Browser verwahrt
   *[own] den kein Browser verwahrt
 }.
key-what = Was du damit unterschreibst, kann niemand sonst getan haben, auch nicht, wer diesen Knoten betreibt. Manche Regeln verlangen es. Zum Mitmachen brauchst du keinen.
key-begin = Unterschreiben
key-next = Zum nächsten Schlüssel wechseln
key-browser = Einen Schlüssel machen, den dieser Browser verwahrt
key-browser-next = Zum nächsten Schlüssel wechseln, den dieser Browser verwahrt
key-shown = Was dein Programm von dem Schlüssel zeigt
key-shown-help = Drei Wörter mit Punkten dazwischen, wie das Programm auf deinem eigenen Rechner sie zeigt:
key-shown-wrong = Das ist nicht, was ein Programm von einem Schlüssel zeigt: drei Wörter mit Punkten dazwischen, das erste beginnt mit z6Mk.
key-go-on = Weiter
key-guardians = Wer dir einen neuen Schlüssel geben kann, wenn du deinen verlierst
key-guardians-help = Namen von Mitgliedern, einer in jeder Zeile. Wenn du niemanden nennst, können es zwei, die verwalten.
key-guardians-now = Wer dir einen neuen Schlüssel geben kann
key-needed = Wie viele davon zustimmen müssen
key-nobody = Hier heißt niemand { $name }. Schreib Namen von Mitgliedern, einen in jede Zeile.
key-lost = Der Schlüssel ist verloren
key-lost-what = Mach einen neuen und gib, was von ihm gezeigt wird, denen, die dir einen geben können. Sie tragen es auf deiner Seite ein. Sobald es genug sind, ist er deiner.
key-lost-title = Schlüssel verloren?
key-lost-said = Das sagten: { $names }.
key-lost-shown = Was { $name } dir von dem neuen Schlüssel gegeben hat
key-lost-say = { $name } bittet selbst darum, und das ist der neue Schlüssel
sign-title = Unterschreib das
sign-text = Was du unterschreibst
sign-how = Wenn das Feld unten leer bleibt, unterschreib den Text mit dem Programm auf deinem eigenen Rechner und trag ein, was es sagt:
sign-signature = Deine Unterschrift
sign-button = Unterschrieben abschicken
sign-cut = Das ist keine Unterschrift. Sie hat 128 Ziffern und Buchstaben von a bis f.
sign-own-hand = Niemand unterschreibt für andere. Hör zuerst auf, für jemanden zu handeln.
sign-again = Unterschreiben und noch einmal bitten
signed-by = { $by ->
    [browser] Unterschrieben mit einem Schlüssel, den ein Browser verwahrt.
    [own] Unterschrieben mit einem eigenen Schlüssel.
   *[node] Auf das Wort der angemeldeten Person.
 }
event-corrected = berichtigt: { $said }

event-signed = { $said } · unterschrieben mit { $by ->
    [browser] einem Schlüssel, den ein Browser verwahrt
   *[own] einem eigenen Schlüssel
 }

# Briefe per E-Mail.
mail-title = Nachrichten per E-Mail
mail-what = Was auf dich wartet, kann per E-Mail kommen, höchstens alle paar Stunden, und nichts zweimal. Wer eine E-Mail befördert, kann sie lesen: sie nennt Dinge und Menschen.
mail-to = Nachrichten gehen an { $address }.
mail-asked = Öffne die Nachricht, die an { $address } ging: sie fragt, ob die Adresse dir gehört.
mail-address = Deine E-Mail-Adresse
mail-begin = An diese Adresse schreiben
mail-no-address = Das ist keine E-Mail-Adresse. Sie sieht aus wie name@example.org.
mail-subject = { $network }: { $count ->
    [one] etwas wartet auf dich
   *[other] { $count } Sachen warten auf dich
 }
mail-end-text = { $network } schreibt dir, weil du darum gebeten hast. So enden die Nachrichten:
mail-confirm-subject = { $network }: ist das deine Adresse?
mail-confirm-text = Jemand in { $network } möchte an dieser Adresse per E-Mail erfahren, was wartet. Wenn du das warst, öffne das und stimme zu:
mail-confirm-not-you = Wenn du es nicht warst, tu nichts: es kommt keine Nachricht mehr.
mail-asks = { $what ->
    [confirm] Möchtest du per E-Mail erfahren, was auf dich wartet?
   *[end] Möchtest du keine Nachrichten mehr?
 }
mail-do = { $what ->
    [confirm] Ja, schreibt mir
   *[end] Nachrichten beenden
 }
mail-done = Erledigt.
mail-link-void = Dieser Link führt nirgends mehr hin: die Adresse ist eine andere, oder die Nachrichten sind beendet.

# Anmelden über einen anderen Dienst.
through-go = Über { $name } anmelden
through-in = { $name } sagt, dass du es bist. Du bist angemeldet.
through-on = Weiter
through-unknown = Hier ist niemand mit dir bei { $name } verbunden. Melde dich mit deinem Passwort an und verbinde es auf deiner eigenen Seite.
through-tied = Ab jetzt kannst du dich über { $name } anmelden.
through-anothers = Jemand anderes hier ist schon mit dir bei { $name } verbunden.
through-strayed = Dieser Weg begann nicht in diesem Browser, oder vor zu langer Zeit. Fang noch einmal an.
through-away = Der andere Dienst antwortet nicht sinnvoll. Melde dich mit deinem Passwort an.
through-title = Anmelden über { $name }
through-has = Du kannst dich über { $name } anmelden. Wer dort hereinkommt, kommt auch hier herein.
through-what = Du kannst dich neben dem Passwort mit dem anmelden, was du bei { $name } bist. { $name } erfährt, wann du es tust.
through-tie = Ab jetzt über { $name } anmelden
through-end = Nicht mehr über { $name }

# Bilder davon, was sich bewegte.
hands-picture = Durch wessen Hände es ging: eine Reihe für alle, mit den Nummern der Namen darunter.
flows-title = Was sich zwischen wem bewegte
flows-state = Das Neueste von dem, was du sehen darfst. Je breiter ein Band, desto öfter.
flows-picture = Bänder von denen, die gaben, links, zu denen, die bekamen, rechts, mit den Nummern der Tabelle darunter.
flows-from = Von
flows-to = An
flows-count = Wie oft
flows-others = { $count } weitere, jeweils zwischen anderen.

# Nachrichten auf Papier.
printed-title = Nachrichten zum Ausdrucken
printed-state = Für alle, die sich hier nicht anmelden können: was sie haben, was auf sie wartet, was sie schulden. Druck die Seite und verteil sie.
printed-without = Nur wer sich nicht anmelden kann
printed-all = Alle
printed-nothing = Hier wartet auf niemanden etwas.
printed-from = Von { $network }, { $today }
printed-has = Du hast { $thing }: { $due }.
printed-waits = { $thing } liegt für dich bereit.
printed-owes = Du schuldest { $amount }.
printed-more = Weitere Mitglieder
problem-too-large = Was du geschickt hast, ist zu groß: höchstens { $most } KiB.
problem-too-large-remedy = Nichts wurde angenommen. Mach es kleiner oder schick es in Teilen.
sign-own-hand-remedy = Geh auf deine eigene Seite und hör dort auf, für jemanden zu handeln.
key-shown-wrong-remedy = Lass es noch einmal zeigen und übernimm alle drei Wörter.
mail-no-address-remedy = Geh zurück und schreib sie noch einmal.
mail-link-void-remedy = Wer angeschrieben wird, sieht es auf der eigenen Seite.
through-strayed-remedy = Geh auf die Seite, auf der du dich anmeldest. Es ist nichts geschehen.
through-away-remedy = Oder warte eine Weile und versuch es noch einmal.

# Passkeys.
passkey-title = Passkeys
passkey-state = Mit einem Passkey meldest du dich ohne Passwort an: dein Telefon, Rechner oder Stick verwahrt ihn und fragt dich danach.
passkey-one = { $name }, seit { $since }
passkey-forget = Aufgeben
passkey-name = Wie du ihn nennst
passkey-make = Einen Passkey machen
passkey-not-made = Es wurde kein Passkey gemacht. Versuch es noch einmal und antworte innerhalb von fünf Minuten.
passkey-enough = Mehr Passkeys kann niemand haben. Gib zuerst einen auf.
passkey-ask = { $what ->
    [make] Einen Passkey machen
   *[get] Mit einem Passkey anmelden
 }
passkey-go = { $what ->
    [make] Jetzt machen
   *[get] Jetzt verwenden
 }
passkey-without = Dieser Browser hat keine Passkeys, oder seine Skripte sind aus. Mit deinem Passwort kannst du dich immer anmelden.
passkey-back = Zurück
passkey-sign-in = Mit einem Passkey anmelden
passkey-not-you = Das ist kein Passkey dieser Person, oder es dauerte länger als fünf Minuten.
passkey-not-you-remedy = Versuch es noch einmal, oder melde dich mit dem Passwort an.

# Was in den Büchern zusammenkommt.
sums-title = In Zahlen
sums-of = { $of ->
    [stock] Was da ist
    [promised] Versprochen und getan
    [given] Wer was gab
   *[money] Ein und aus
}
sums-state = { $of ->
    [stock] Alles, was du sehen darfst: von welcher Art es ist, wie viel davon da ist, wem es gehört und wer es hat.
    [promised] Was versprochen wurde, und wie viel davon getan ist. Was offen ist, steht oben.
    [given] Wie oft jemand etwas gab, verlieh, herstellte oder arbeitete, und was das zusammen ist.
   *[money] Was hereinkam und was hinausging, Zeitraum für Zeitraum, das Neueste zuerst, und was es ergab.
}
sums-picture = { $of ->
    [stock] Ein Balken für jede Art, mit den Nummern der ersten Tabelle darunter: erst was bei denen ist, denen es gehört, dann was bei anderen ist.
    [promised] Ein Balken für jedes Versprechen, mit den Nummern der Tabelle darunter: erst was getan ist, dann was übrig ist.
    [given] Ein Balken für jede Zeile der Tabelle darunter, mit ihrer Nummer: wie oft.
   *[money] Zwei Balken für jeden Zeitraum, der älteste links: was hereinkam und was hinausging. Die dunklen Stufen sind, was es ergab.
}
sums-column = { $column ->
    [name] Ding
    [conformsTo] Art
    [onhandQuantity] Wie viel
    [primaryAccountable] Wem es gehört
    [custodian] Bei wem
    [currentLocation] Wo
    [what] Was
    [provider] Von
    [receiver] An
    [promised] Versprochen
    [done] Getan
    [remaining] Übrig
    [due] Bis
    [finished] Gehalten
    [agent] Wer
    [action] Was sie taten
    [events] Wie oft
    [amount] Wie viel
    [period] Zeitraum
    [in] Ein
    [out] Aus
    [net] Unterschied
   *[balance] Ergibt
}
sums-done = { $done ->
    [yes] ja
   *[no] offen
}
sums-whose = Wessen
sums-unit = Gezählt in
sums-per = Eine Zeile für
sums-period = { $per ->
    [day] jeden Tag
    [week] jede Woche
    [year] jedes Jahr
   *[month] jeden Monat
}
sums-show = Zeigen
sums-home = Bei wem es gehört
sums-out = Bei anderen
sums-payment = Zahlung
sums-no-kind = ohne Art
sums-more = { $count } weitere Zeilen stehen in der Datei.
sums-file = Die ganze Tabelle als Datei
deed = { $action ->
    [produce] etwas hergestellt
    [consume] etwas verbraucht
    [use] etwas benutzt
    [work] gearbeitet
    [cite] nach etwas gearbeitet
    [deliverService] etwas für jemanden getan
    [pickup] etwas abgeholt
    [dropoff] etwas gebracht
    [accept] etwas in Arbeit genommen
    [modify] an etwas gearbeitet
    [combine] etwas eingepackt
    [separate] etwas ausgepackt
    [transferAllRights] für immer gegeben
    [transferCustody] übergeben
    [transfer] für immer gegeben
    [move] etwas an einen anderen Ort gebracht
    [copy] etwas kopiert
    [raise] etwas eingetragen
   *[lower] etwas ausgebucht
}

rounds = Runden
rounds-about = Was angeboten ist, geht an die, die es brauchen: Eine Regel dieses Netzwerks sagt, wer wie viel bekommt und warum.
rounds-no-rule = Keine Regel dieses Netzwerks sagt, wer was bekäme. Eine Regeländerung kann eine einführen.
rounds-none = Gerade wird nichts von einer Art und mit einer Menge zugleich angeboten und gesucht.
rounds-promised = In Runden versprochen
round-amounts = { $offered } angeboten, { $needed } gesucht
round-share-out = Verteilen
round-share-out-what = Verteilen: { $what }
round-gives = Gibt
round-gets = Bekommt
round-what = Was
round-amount = Wie viel
