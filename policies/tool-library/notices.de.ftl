# Was Mitglieder der Bücherei über das hören, was auf sie wartet. Was hier nicht steht, sagt der Knoten mit eigenen Worten.
needs-return = Bring { $thing } zurück: { $due }.
needs-hand-over = { $who } holt { $thing } ab: gib es heraus.
mail-subject = { $network }: { $count ->
    [one] die Bücherei hat etwas für dich
   *[other] die Bücherei hat { $count } Dinge für dich
 }
