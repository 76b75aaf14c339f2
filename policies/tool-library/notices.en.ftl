# What members of the library are told of what waits for them. What is not said here, the node says in its own words.
needs-return = Bring { $thing } back: { $due }.
needs-hand-over = { $who } comes by for { $thing }: hand it over.
mail-subject = { $network }: { $count ->
    [one] the library has something for you
   *[other] the library has { $count } things for you
 }
