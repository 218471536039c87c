import TemperCore

/// Comparing, counting, calculating, dates.
enum Numbers {
    // MARK: Comparing

    static func compare(using scribe: inout Scribe) {
        let isYear = scribe.chance(0.5)
        let range = isYear ? 1500...2023 : scribe.pick([1...20, 1...100, 1...1_000, 500...90_000])
        let left = scribe.number(range)
        let right = scribe.chance(0.1) ? left : scribe.number(range)
        if scribe.chance(0.25) {
            let names = [scribe.person(), scribe.person()]
            guard left != right else { return equality(left, right, &scribe) }
            let isEarly = scribe.chance(0.5)
            let templates =
                isYear
                ? [
                    "{a} came in {s} and {b} in {o}. Who came {k}?",
                    "{a} started in {s}, {b} started in {o}. Who started {k}?",
                ]
                : [
                    "{a} has {s} coins and {b} has {o}. Who has {k}?",
                    "{a} counted {s} birds, {b} counted {o}. Who counted {k}?",
                ]
            let word = isYear ? (isEarly ? "first" : "last") : (isEarly ? "fewer" : "more")
            scribe.user(scribe.say(templates, Slots(s: String(left), o: String(right), k: word, a: names[0], b: names[1])))
            return scribe.assistant((left < right) == isEarly ? names[0] : names[1])
        }
        if left == right || scribe.chance(0.2) { return equality(left, right, &scribe) }
        let slots = Slots(a: String(left), b: String(right))
        switch scribe.number(0...2) {
        case 0:
            let isLow = scribe.chance(0.5)
            scribe.user(
                scribe.say(
                    isYear
                        ? (isLow ? "Which <year |>is earlier, {a} or {b}?" : "Which <year |>is later, {a} or {b}?")
                        : (isLow ? "Which <number |>is smaller, {a} or {b}?" : "Which <number |>is larger, {a} or {b}?"), slots))
            scribe.assistant(String(isLow ? min(left, right) : max(left, right)))
        case 1:
            scribe.user(scribe.say(isYear ? "Is {a} <earlier than|before> {b}?" : "Is {a} <less|smaller> than {b}?", slots))
            scribe.assistant(left < right ? "yes" : "no")
        default:
            scribe.user(scribe.say(isYear ? "Is {a} <later than|after> {b}?" : "Is {a} <more|larger|greater> than {b}?", slots))
            scribe.assistant(left > right ? "yes" : "no")
        }
    }

    private static func equality(_ left: Int, _ right: Int, _ scribe: inout Scribe) {
        scribe.user(
            scribe.say(
                ["Are {a} and {b} the same<?| number?>", "Is {a} equal to {b}?", "Same or different: {a}, {b}?"],
                Slots(a: String(left), b: String(right))))
        let asksWord = scribe.messages.last?.text.hasPrefix("Same") == true
        scribe.assistant(asksWord ? (left == right ? "same" : "different") : (left == right ? "yes" : "no"))
    }

    // MARK: Calculating

    static func calculate(using scribe: inout Scribe) {
        switch scribe.number(0...6) {
        case 0, 1:
            let (left, right) = (scribe.number(1...99), scribe.number(1...99))
            scribe.user(
                scribe.say(
                    ["What is {a} + {b}?", "{a} + {b} =", "Add {a} and {b}.", "How much is {a} plus {b}?"],
                    Slots(a: String(left), b: String(right))))
            scribe.assistant(sumSteps(left, right, isShort: scribe.chance(0.5)))
        case 2:
            let (left, right) = (scribe.number(10...99), scribe.number(1...60))
            let (high, low) = (max(left, right), min(left, right))
            scribe.user(
                scribe.say(
                    ["What is {a} - {b}?", "{a} - {b} =", "Take {b} from {a}.", "How much is {a} minus {b}?"],
                    Slots(a: String(high), b: String(low))))
            scribe.assistant(String(high - low))
        case 3:
            let (left, right) = (scribe.number(2...12), scribe.number(2...12))
            scribe.user(
                scribe.say(
                    ["What is {a} * {b}?", "{a} times {b}?", "Multiply {a} by {b}."], Slots(a: String(left), b: String(right))))
            scribe.assistant(String(left * right))
        case 4: story(using: &scribe)
        case 5:
            let words = scribe.sample(scribe.number(3...5), of: Vocabulary.animals)
            let counted = scribe.pick(words)
            let list = scribe.shuffled(words + Array(repeating: counted, count: scribe.number(1...4)))
            scribe.user(
                scribe.say(
                    "How often <does the word {a} appear|is {a} in the list>? {b}",
                    Slots(a: counted, b: list.joined(separator: ", "))))
            scribe.assistant(String(list.filter { $0 == counted }.count))
        default:
            let (start, end) = (scribe.number(1700...1950), scribe.number(1951...2020))
            scribe.user(
                scribe.say(
                    ["How many years lie between {a} and {b}?", "From {a} to {b}: how many years?"],
                    Slots(a: String(start), b: String(end))))
            scribe.assistant("\(end) - \(start) = \(end - start)")
        }
    }

    private static func sumSteps(_ left: Int, _ right: Int, isShort: Bool) -> String {
        let sum = left + right
        guard !isShort, left % 10 != 0, right % 10 != 0, left > 9, right > 9 else { return String(sum) }
        let (tens, ones) = (left / 10 * 10 + right / 10 * 10, left % 10 + right % 10)
        return
            "\(left / 10 * 10) + \(right / 10 * 10) = \(tens), \(left % 10) + \(right % 10) = \(ones), \(tens) + \(ones) = \(sum). So: \(sum)"
    }

    private static func story(using scribe: inout Scribe) {
        let (first, second) = (scribe.person(), scribe.person())
        let thing = scribe.pick(Vocabulary.objects)
        let (have, change) = (scribe.number(5...60), scribe.number(1...5))
        let slots = Slots(o: second, a: first, b: String(have), c: thing, n: String(change))
        if scribe.chance(0.5) {
            scribe.user(scribe.say("{a} has {b} {c}s and <gets|buys|finds> {n} more. How many {c}s does {a} have now?", slots))
            scribe.assistant("\(have) + \(change) = \(have + change). \(first) has \(have + change) \(thing)s.")
        } else {
            scribe.user(scribe.say("{a} has {b} {c}s and gives {n} to {o}. How many {c}s does {a} keep?", slots))
            scribe.assistant("\(have) - \(change) = \(have - change). \(first) keeps \(have - change) \(thing)s.")
        }
    }

    // MARK: Dates

    static func dates(using scribe: inout Scribe) {
        let (day, month, year) = (scribe.number(1...28), scribe.random.index(below: 12), scribe.number(1800...2023))
        let name = Vocabulary.months[month]
        let two = { (number: Int) in number < 10 ? "0\(number)" : String(number) }
        let numeric = "\(year)-\(two(month + 1))-\(two(day))"
        let long = "\(day) \(name) \(year)"
        switch scribe.number(0...4) {
        case 0:
            scribe.user(scribe.say(["Write the date {a} in numbers.", "{a} as year-month-day?"], Slots(a: long)))
            scribe.assistant(numeric)
        case 1:
            scribe.user(
                scribe.say(["Write {a} with the name of the month.", "Which date is {a}? Use words."], Slots(a: numeric)))
            scribe.assistant(long)
        case 2:
            scribe.user(
                scribe.say(
                    ["<Which|What> year is it on {a}?", "Take the year out of this date: {a}"],
                    Slots(a: scribe.chance(0.5) ? long : numeric)))
            scribe.assistant(String(year))
        case 3:
            scribe.user(
                scribe.say(
                    ["<Which|What> month <is it on|does this date have,> {a}?"], Slots(a: scribe.chance(0.5) ? long : numeric)))
            scribe.assistant(name)
        default:
            let person = scribe.person()
            let age = scribe.number(3...80)
            scribe.user(
                scribe.say(
                    "{a} was born in {b}. How old was {a} in {c}?", Slots(a: person, b: String(year), c: String(year + age))))
            scribe.assistant("\(year + age) - \(year) = \(age). So: \(age)")
        }
    }
}
