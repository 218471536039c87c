import TemperCore

/// Chats: greetings, instructions on words and sentences, numbers.
enum SmallTalk {
    static func write(using scribe: inout Scribe) {
        let turns = scribe.number(2...5)
        if scribe.chance(0.15) { greeting(using: &scribe) }
        let isMixed = scribe.chance(0.4)
        let kind = scribe.random.unit()
        for _ in 0..<turns {
            switch isMixed ? scribe.random.unit() : kind {
            case ..<0.12: talk(using: &scribe)
            case ..<0.37: Numbers.compare(using: &scribe)
            case ..<0.60: Numbers.calculate(using: &scribe)
            case ..<0.70: Numbers.dates(using: &scribe)
            case ..<0.80: order(using: &scribe)
            default: words(using: &scribe)
            }
        }
        if scribe.chance(0.1) {
            scribe.user(scribe.say(["Thank you.", "Thanks, that is all.", "Good, <bye|goodbye>."]))
            scribe.assistant(scribe.say(["You are welcome.", "Goodbye!", "Glad to help."]))
        }
    }

    private static func greeting(using scribe: inout Scribe) {
        let name = scribe.person()
        scribe.user(
            scribe.say(
                ["<Hello|Hi|Good morning>, <my name is|I am> {a}.", "<Hello|Hi|Hey>!", "Good <morning|evening>."], Slots(a: name))
        )
        let knows = scribe.messages.last?.text.contains(name) == true
        scribe.assistant(
            knows
                ? scribe.say(["Hello, {a}. How can I help?", "Nice to meet you, {a}."], Slots(a: name))
                : scribe.say(["Hello! How can I help?", "Good day. What can I do for you?"]))
        if knows, scribe.chance(0.6) {
            scribe.user(scribe.say(["What is my name?", "Do you remember my name?", "Who am I?"]))
            scribe.assistant(scribe.chance(0.5) ? name : scribe.say("Your name is {a}.", Slots(a: name)))
        }
    }

    private static func talk(using scribe: inout Scribe) {
        switch scribe.number(0...3) {
        case 0:
            let exchange = scribe.pick(smallTalk)
            scribe.user(exchange.0)
            scribe.assistant(exchange.1)
        case 1:
            let (thing, town) = (scribe.pick(Vocabulary.objects), scribe.place())
            scribe.user(
                scribe.say(
                    ["I <bought|found|lost|saw> a {a} in {b} <today|yesterday|last week>.", "Yesterday in {b} I got a {a}."],
                    Slots(a: thing, b: town)))
            scribe.assistant(
                scribe.say(
                    ["A {a} from {b}, how nice!", "What will you do with the {a}?", "I have never been to {b}. Is it far?"],
                    Slots(a: thing, b: town)))
            scribe.user(scribe.say(["Where was that again?", "What was the place called?", "In which town was I?"]))
            scribe.assistant(town)
        case 2:
            let (friend, hobby) = (scribe.person(), scribe.pick(Vocabulary.hobbies))
            scribe.user(
                scribe.say(
                    ["My friend {a} likes {b}.", "{a} is fond of {b}.", "I know {a}, who loves {b}."], Slots(a: friend, b: hobby))
            )
            scribe.assistant(
                scribe.say(["{b} is a fine hobby.", "Then {a} and I could talk about {b}."], Slots(a: friend, b: hobby)))
            scribe.user(scribe.say(["Who did I talk about?", "What is the name of my friend?", "Whom did I mention?"]))
            scribe.assistant(friend)
        default:
            let (friend, mood) = (scribe.person(), scribe.pick(moods))
            scribe.user(
                scribe.say(
                    "<How does this sound|Is this good or bad|Happy or sad>? \"{b}\" said {a}.", Slots(a: friend, b: mood.0)))
            scribe.assistant(mood.1)
        }
    }

    private static func words(using scribe: inout Scribe) {
        switch scribe.number(0...5) {
        case 0:
            let list = scribe.sample(scribe.number(3...6), of: Vocabulary.objects)
            scribe.user(
                scribe.say(
                    ["Write a sentence with: {a}.", "Use these words in a sentence: {a}."],
                    Slots(a: list.prefix(2).joined(separator: ", "))))
            scribe.assistant(
                scribe.say(
                    ["The {a} lies beside the {b}.", "I put the {a} next to the {b}.", "We need a {a} and a {b}."],
                    Slots(a: list[0], b: list[1])))
        case 1:
            let (name, verb, thing) = (scribe.person(), scribe.pick(pastVerbs), scribe.pick(Vocabulary.objects))
            scribe.user(
                scribe.say(
                    "<Make a question from|Turn into a question>: {a} {b} the {c}.", Slots(a: name, b: verb.past, c: thing)))
            scribe.assistant("Did \(name) \(verb.base) the \(thing)?")
        case 2:
            let (name, verb, thing) = (scribe.person(), scribe.pick(pastVerbs), scribe.pick(Vocabulary.objects))
            scribe.user(scribe.say("<Say it another way|Rephrase>: {a} {b} the {c}.", Slots(a: name, b: verb.past, c: thing)))
            scribe.assistant("The \(thing) was \(verb.participle) by \(name).")
        case 3:
            var world = SmallWorld()
            let subject = world.addEntity(scribe.pick(EntityKind.allCases), using: &scribe)
            world.addFacts(4, of: subject, using: &scribe)
            let passage = Passage(about: subject, in: world, fillers: 2, using: &scribe)
            scribe.user(scribe.say(["<Sum up|Summarise>", "Give a short version of", "Make it shorter:"]) + "\n" + passage.text)
            let facts = passage.lines.flatMap(\.facts).prefix(2)
            scribe.assistant(facts.map { world.statement($0, using: &scribe) }.joined(separator: " "))
        case 4:
            let (name, verb, thing) = (scribe.person(), scribe.pick(pastVerbs), scribe.pick(Vocabulary.objects))
            scribe.user(scribe.say("\"{a} {b} the {c}.\" <Who did it|Who was it>?", Slots(a: name, b: verb.past, c: thing)))
            scribe.assistant(name)
        default:
            let (one, two) = (scribe.person(), scribe.person())
            let thing = scribe.pick(Vocabulary.objects)
            scribe.user(scribe.say("{a} <gave|sold|sent|lent> {b} a {c}. Who has the {c} now?", Slots(a: one, b: two, c: thing)))
            scribe.assistant(two)
        }
    }

    /// Sorting by letters or by number.
    private static func order(using scribe: inout Scribe) {
        let count = scribe.number(3...6)
        if scribe.chance(0.5) {
            let list = scribe.sample(count, of: Vocabulary.objects + Vocabulary.animals)
            scribe.user(scribe.say("<Sort|Order> <from A to Z|by the alphabet>: {a}", Slots(a: list.joined(separator: ", "))))
            scribe.assistant(list.sorted().joined(separator: ", "))
        } else {
            var numbers: Set<Int> = []
            while numbers.count < count { numbers.insert(scribe.number(1...(scribe.chance(0.5) ? 99 : 2_000))) }
            let list = scribe.shuffled(numbers.sorted())
            let isDown = scribe.chance(0.4)
            scribe.user(
                scribe.say(
                    isDown
                        ? "Sort from the <largest to the smallest|highest to the lowest>: {a}"
                        : "Sort <by size, smallest first|from small to large>: {a}",
                    Slots(a: list.map(String.init).joined(separator: ", "))))
            scribe.assistant((isDown ? list.sorted(by: >) : list.sorted()).map(String.init).joined(separator: ", "))
        }
    }

    private static let pastVerbs: [(base: String, past: String, participle: String)] = [
        ("paint", "painted", "painted"), ("sell", "sold", "sold"), ("find", "found", "found"), ("lose", "lost", "lost"),
        ("write about", "wrote about", "described"), ("repair", "repaired", "repaired"), ("buy", "bought", "bought"),
        ("break", "broke", "broken"), ("hide", "hid", "hidden"), ("wash", "washed", "washed"), ("open", "opened", "opened"),
        ("draw", "drew", "drawn"), ("carry", "carried", "carried"), ("make", "made", "made"), ("choose", "chose", "chosen"),
    ]
    private static let smallTalk = [
        ("How are you?", "I am well, thank you. And you?"), ("What can you do?", "I can read, count, copy and answer questions."),
        ("Can you help me?", "Yes. What do you need?"), ("Are you a person?", "No, I am a program that writes text."),
        ("I am tired.", "Then a short rest may help."), ("It is raining here.", "Take an umbrella with you."),
        ("I am hungry.", "Some bread and an apple would be good."), ("Tell me something.", "The days grow longer in spring."),
        ("I like books.", "So do I. What do you like to read?"), ("Good night.", "Good night, sleep well."),
        ("I made a mistake.", "That happens. Let us look at it again."), ("What should I read?", "Take a book about the sea."),
        ("Do you like music?", "I cannot hear it, but I like to read about it."),
        ("I do not understand.", "Then let us go through it slowly."),
        ("It is too long.", "I will make it shorter."), ("Say yes.", "Yes."), ("Say nothing but no.", "No."),
    ]
    private static let moods = [
        ("What a wonderful day!", "happy"), ("I lost everything.", "sad"), ("This soup is delicious!", "happy"),
        ("Nobody came to see me.", "sad"), ("I am so glad you are here.", "happy"), ("The film was terrible.", "sad"),
        ("We won the game!", "happy"), ("My bicycle was stolen.", "sad"), ("I love this song.", "happy"),
        ("It was the worst trip of my life.", "sad"), ("They were kind to us.", "happy"), ("I miss my old friends.", "sad"),
    ]
}
