/// Films, plays, books, songs.
extension Relation {
    static let works: [Relation] = [
        Relation(
            "director", of: [.film, .play], to: .entity(.person),
            roles: "director\nthe person who directed {s}\nthe maker of {s}",
            clauses: "directed by {o}\n<made|shot|staged> under the direction of {o}",
            facts: """
                {s} was directed by {o}.
                {o} directed {s}.
                The <director|director in charge> of {s} is {o}.
                {s} is the work of <director|the director> {o}.
                It was {o} who directed {s}.
                {s} was made with {o} as director.
                <The task of directing|The work of directing> {s} went to {o}.
                For {s}, {o} <took|sat in> the director's chair.
                """,
            questions: """
                Who directed {s}?
                Who <was|is> the director of {s}?
                By whom was {s} directed?
                {s} was directed by whom?
                Which person directed the {k} {s}?
                <Name|Give> the director of {s}.
                Under whose direction was {s} made?
                """,
            inverse: """
                Which {k} did {o} direct?
                Which {k} was directed by {o}?
                What {k} has {o} directed?
                """),
        Relation(
            "studio", of: [.film], to: .entity(.studio),
            roles: "{s}'s studio\nthe studio that produced {s}\nthe studio behind {s}",
            clauses: "produced by {o}\nmade at {o}",
            facts: """
                {s} was <produced|made|financed> by {o}.
                {o} <produced|made> {s}.
                The studio behind {s} <was|is> {o}.
                {s} was <filmed|shot> at the studio {o}.
                {s} is a production of {o}.
                <The rights to|The money for> {s} <are with|came from> the studio {o}.
                """,
            questions: """
                Which studio <produced|made|is behind> {s}?
                What studio <made|produced> the {k} {s}?
                At which studio was {s} <made|produced>?
                {s} was produced by which studio?
                <Name|Give> the studio of {s}.
                """,
            inverse: """
                Which {k} was produced by {o}?
                Which {k} did {o} produce?
                """),
        Relation(
            "lead", of: [.film, .play], to: .entity(.person),
            roles: "lead actor\nstar\nthe person in the leading role of {s}",
            clauses: "starring {o}\nwith {o} in the leading role",
            facts: """
                {s} stars {o}.
                {o} <stars|starred|plays the main part|played the main part> in {s}.
                The <leading|main> role in {s} was played by {o}.
                {s} has {o} in the <leading|main> role.
                The lead actor of {s} is {o}.
                <The hero of {s} is played by {o}.|In {s}, the lead is {o}.>
                """,
            questions: """
                Who <stars|starred> in {s}?
                Who <plays|played> the <leading|main|lead> role in {s}?
                Who is the <lead actor|star> of {s}?
                Which actor has the main part in {s}?
                <Name|Give> the star of {s}.
                """,
            inverse: """
                In which {k} does {o} play the <main|leading> role?
                Which {k} stars {o}?
                """),
        Relation(
            "writer", of: [.film, .play], to: .entity(.person),
            roles: "screenwriter\nthe person who wrote the script of {s}",
            clauses: "written by {o}\nfrom a script by {o}",
            facts: """
                {s} was written by {o}.
                {o} wrote the <script|text|words> <of|for> {s}.
                The script of {s} <is by|was written by|comes from> {o}.
                {s} was filmed from a text by {o}.
                {s} <began|started> as a short text by {o}.
                """,
            questions: """
                Who wrote <{s}|the script of {s}|the text for {s}>?
                By whom was {s} written?
                Whose script was used for {s}?
                {s} was written by whom?
                Which writer wrote {s}?
                """),
        Relation(
            "composer", of: [.film, .play], to: .entity(.person),
            roles: "composer\nthe person who wrote the music for {s}",
            clauses: "with music by {o}",
            facts: """
                The music for {s} <was written|was composed|is> by {o}.
                {o} <wrote|composed> the music for {s}.
                {s} has music by {o}.
                {o} is the composer of {s}.
                The <songs|melodies> heard in {s} are by {o}.
                The score of {s} is the work of {o}.
                """,
            questions: """
                Who <wrote|composed> the music <for|of> {s}?
                Who is the composer of {s}?
                Whose music is heard in {s}?
                By whom is the music of {s}?
                <Name|Give> the composer of {s}.
                """),
        Relation(
            "release", of: [.film, .song], to: .year(1900...2022),
            roles: "release year\nthe year {s} came out",
            clauses: "released in {o}\nfrom the year {o}",
            facts: """
                {s} <came out|appeared|was released> in {o}.
                {s} was <first|first widely> <shown|heard> in {o}.
                The release of {s} <was|came> in {o}.
                <In {o}, {s} was released.|It was in {o} that {s} came out.>
                The public first met {s} in {o}.
                The release year of {s} <was|is> {o}.
                """,
            questions: """
                When <was {s} released|did {s} come out|did {s} appear>?
                In <which|what> year <was {s} released|did {s} come out>?
                What is the release year of {s}?
                What year did {s} come out?
                """,
            comparison: Comparison(
                lower: [
                    "Which <came out first|was released earlier|appeared first|was out first>, {a} or {b}?",
                    "Which {k} is older, {a} or {b}?", "Of {a} and {b}, which was released first?",
                ],
                higher: [
                    "Which <came out|was released|appeared> <last|later>, {a} or {b}?",
                    "Which {k} is newer, {a} or {b}?", "Of {a} and {b}, which was released later?",
                ])),
        Relation(
            "setting", of: [.film, .play, .book], to: .entity(.town),
            roles: "setting\nthe {t} where {s} is set\nthe place where {s} takes place",
            clauses: "set in {o}\nthat takes place in {o}",
            facts: """
                {s} is set in {o}.
                {s} takes place in <{o}|the {t} of {o}>.
                The story of {s} <happens|unfolds|is told> in {o}.
                The <action|plot|story> of {s} <takes us|leads> to {o}.
                The streets of {o} are the setting of {s}.
                {o} is the {t} where {s} is set.
                """,
            questions: """
                Where <is {s} set|does {s} take place|does the story of {s} happen>?
                In which {t} <is {s} set|does {s} take place>?
                What {t} is the setting of {s}?
                In what place does the story of {s} unfold?
                Which {t} do we see in {s}?
                """,
            inverse: """
                Which {k} is set in {o}?
                Which {k} takes place in {o}?
                """),
        Relation(
            "length", of: [.film, .play, .song], to: .amount(unit: "minutes", 3...190, step: 1),
            roles: "length\nrunning time",
            clauses: "of {o}\nlasting {o}",
            facts: """
                {s} <lasts {o}|runs for {o}|is {o} long>.
                The <running time|length> of {s} is {o}.
                It takes {o} to <play|hear and see|go through> {s}.
                {s} has a length of {o}.
                With {o}, {s} is <not short|of the usual length|easy to remember>.
                """,
            questions: """
                How long <is {s}|does {s} last|does {s} run>?
                What is the <length|running time> of {s}?
                How many minutes <does {s} last|is {s}>?
                """,
            comparison: Comparison(
                lower: ["Which is shorter, {a} or {b}?", "Of {a} and {b}, which is the shorter {k}?"],
                higher: ["Which <is|lasts> longer, {a} or {b}?", "Of {a} and {b}, which is the longer {k}?"])),
        Relation(
            "genre", of: [.film, .play, .book], to: .word(Vocabulary.genres),
            roles: "genre\nkind of story",
            facts: """
                {s} is a {o}.
                {s} is <best|usually|mostly> <described as|called> a {o}.
                <People|Critics|Shops> <call|list> {s} <as a|a> {o}.
                {s} belongs with the {o} shelf.
                The genre of {s} is {o}.
                Its makers call {s} a {o}.
                """,
            questions: """
                What <kind of story|genre> is {s}?
                To which genre does {s} belong?
                What kind of {k} is {s}?
                How is {s} <described|classified>?
                <Name|Give> the genre of {s}.
                """),
        Relation(
            "author", of: [.book], to: .entity(.person),
            roles: "author\nwriter\nthe one who wrote {s}",
            clauses: "by the author {o}\nby {o}",
            facts: """
                {s} was written by {o}.
                {o} <wrote|is the author of|is the writer of> {s}.
                The author of {s} is {o}.
                {s} is a <book|novel|work> by {o}.
                {s} came from the pen of {o}.
                It was {o} who wrote {s}.
                {s} carries the name of {o} on its cover as author.
                """,
            questions: """
                Who <wrote|is the author of|is the writer of> {s}?
                By whom was {s} written?
                Which <author|writer> wrote {s}?
                {s} was written by whom?
                <Name|Give> the author of {s}.
                Who was the person that wrote {s}?
                """,
            inverse: """
                Which {k} did {o} write?
                Which {k} was written by {o}?
                What did {o} write?
                """),
        Relation(
            "publisher", of: [.book], to: .entity(.publisher),
            roles: "publisher\nthe publisher that brought out {s}",
            clauses: "published by {o}\nprinted by {o}",
            facts: """
                {s} was <published|printed|brought out> by {o}.
                {o} <published|printed|brought out> {s}.
                The publisher of {s} is {o}.
                {s} was accepted by the publisher {o}.
                {s} appeared with {o}.
                Readers bought {s} in an edition of {o}.
                """,
            questions: """
                Who <published|printed> {s}?
                Which publisher <printed|brought out|published> {s}?
                What is the publisher of {s}?
                By which publisher was {s} <published|printed>?
                <Name|Give> the publisher of {s}.
                """,
            inverse: """
                Which {k} was published by {o}?
                Which {k} did {o} publish?
                """),
        Relation(
            "published", of: [.book, .play], to: .year(1800...2022),
            roles: "year of publication\nthe year {s} was published",
            clauses: "published in {o}\nprinted in {o}",
            facts: """
                {s} was <first |>published in {o}.
                {s} <appeared|came out> in {o}.
                The <publication|first printing> of {s} was in {o}.
                <In {o}, {s} was published.|It was {o} when {s} appeared.>
                The first edition of {s} is from {o}.
                The first copies of {s} were sold in {o}.
                """,
            questions: """
                When <was {s} published|did {s} appear|did {s} come out>?
                In <which|what> year <was {s} published|did {s} appear>?
                What year was {s} published?
                From what year is {s}?
                """,
            comparison: Comparison(
                lower: [
                    "Which was published <first|earlier>, {a} or {b}?", "Which {k} is older, {a} or {b}?",
                    "Of {a} and {b}, which appeared first?",
                ],
                higher: ["Which was published <last|later>, {a} or {b}?", "Of {a} and {b}, which appeared later?"])),
        Relation(
            "hero", of: [.book, .play], to: .entity(.person),
            roles: "main character\nhero",
            clauses: "about {o}\nthat tells of {o}",
            facts: """
                {s} <tells|is> <the story of|the tale of> {o}.
                The <hero|main character> of {s} is <{o}|called {o}>.
                {o} is the <hero|main character> of {s}.
                {s} is about {o}.
                In {s} we follow {o} <through life|from page to page>.
                {s} <begins|opens> with the adventures of {o}.
                """,
            questions: """
                Who is the <hero|main character> of {s}?
                <About whom|Of whom> does {s} tell?
                Whom do we follow in {s}?
                Whose story is told in {s}?
                What is the <hero|main character> of {s} called?
                """),
        Relation(
            "pages", of: [.book], to: .amount(unit: "pages", 60...900, step: 1),
            roles: "number of pages in {s}\nthe length of {s}",
            clauses: "of {o}\nwith {o}",
            facts: """
                {s} has {o}.
                {s} <is {o} long|runs to {o}|fills {o}>.
                There are {o} in {s}.
                The <story|text> of {s} fills {o}.
                The length of {s} is {o}.
                In print {s} comes to {o}.
                """,
            questions: """
                How many pages <does {s} have|has {s}|are there in {s}>?
                How long is {s}?
                What is the <length|number of pages> of {s}?
                How many pages does {s} fill?
                """,
            comparison: Comparison(
                lower: ["Which is shorter, {a} or {b}?", "Which {k} has fewer pages, {a} or {b}?"],
                higher: ["Which is longer, {a} or {b}?", "Which {k} has more pages, {a} or {b}?"])),
        Relation(
            "singer", of: [.song], to: .entity(.person),
            roles: "singer\nthe person who sang {s}",
            clauses: "sung by {o}\nrecorded by {o}",
            facts: """
                {s} <was|is> sung by {o}.
                {o} <sang|recorded|sings> {s}.
                The <singer|voice> of {s} is {o}.
                {s} was recorded by the singer {o}.
                {s} was made famous by {o}.
                {o} was the first to sing {s}.
                """,
            questions: """
                Who <sang|sings|recorded> {s}?
                Who is the singer of {s}?
                By whom <was|is> {s} sung?
                Whose voice is heard in {s}?
                Which singer recorded {s}?
                """,
            inverse: """
                Which {k} did {o} sing?
                Which {k} was sung by {o}?
                """),
        Relation(
            "songwriter", of: [.song], to: .entity(.person),
            roles: "songwriter\nthe one who wrote {s}",
            clauses: "written by {o}\ncomposed by {o}",
            facts: """
                {s} was <written|composed> by {o}.
                {o} <wrote|composed> {s}.
                The words and the music of {s} are by {o}.
                The songwriter of {s} is {o}.
                {s} was written at the kitchen table of {o}.
                {o} is the author of {s}.
                """,
            questions: """
                Who <wrote|composed> {s}?
                By whom was {s} <written|composed>?
                Who is the songwriter of {s}?
                {s} was <written|composed> by whom?
                Which songwriter wrote {s}?
                """),
    ]
}
