import TemperCore

/// Commands for small tasks, and output read.
enum ShellText {
    static func write(using scribe: inout Scribe) {
        for _ in 0..<scribe.number(2...4) {
            if scribe.chance(0.55) { command(using: &scribe) } else { output(using: &scribe) }
        }
    }

    private static func command(using scribe: inout Scribe) {
        let (request, answer) = scribe.pick(commands)
        let file = scribe.root(syllables: 2...2).lowercased() + scribe.pick([".txt", ".log", ".csv", ".md", ".json"])
        let folder = scribe.pick(folders) + scribe.pick(["", "/" + scribe.root(syllables: 2...2).lowercased()])
        let slots = Slots(
            s: scribe.pick(Vocabulary.objects), o: folder + "/new", a: file, b: folder, n: String(scribe.number(2...50)))
        scribe.user(scribe.say(request, slots) + scribe.pick(["", "", " Shell command?", " Which command?"]))
        scribe.assistant(scribe.phrase([answer], slots))
    }

    private static func output(using scribe: inout Scribe) {
        var files: [(name: String, size: Int)] = []
        for _ in 0..<scribe.number(2...6) {
            let name = scribe.root(syllables: 2...2).lowercased() + scribe.pick([".txt", ".log", ".csv", ".md"])
            if !files.contains(where: { $0.name == name }) { files.append((name, scribe.number(1...9_999))) }
        }
        let owner = scribe.root(syllables: 2...2).lowercased()
        let listing = files.map { "-rw-r--r-- 1 \(owner) \(owner) \($0.size) \($0.name)" }.joined(separator: "\n")
        let file = scribe.pick(files)
        let bySize = files.sorted { $0.size < $1.size }
        let slots = Slots(a: file.name)
        let (question, answer): (String, String)
        switch scribe.number(0...5) {
        case 0: (question, answer) = (scribe.say("How many files are there?"), String(files.count))
        case 1: (question, answer) = (scribe.say("How <large|big> is {a}?", slots), String(file.size))
        case 2: (question, answer) = (scribe.say("Which file is the largest?"), bySize[bySize.count - 1].name)
        case 3: (question, answer) = (scribe.say("Which file is the smallest?"), bySize[0].name)
        case 4: (question, answer) = (scribe.say("Who owns {a}?", slots), owner)
        default:
            (question, answer) = (scribe.say("<List|Give> the file names<.| only.>"), files.map(\.name).joined(separator: "\n"))
        }
        scribe.user("$ ls -l\n\(listing)\n\n\(question)")
        scribe.assistant(answer)
    }

    private static let folders = ["/home", "/tmp", "/var/log", "/data", "/srv", "/usr/share", "docs", "notes", "src"]
    private static let commands = [
        ("<List|Show> the files in {b}.", "ls {b}"), ("Show <the text of|what is in> {a}.", "cat {a}"),
        ("Count the lines of {a}.", "wc -l {a}"),
        ("How many words are in {a}?", "wc -w {a}"), ("Copy {a} to {b}.", "cp {a} {b}"), ("Move {a} to {b}.", "mv {a} {b}"),
        ("<Delete|Remove> the file {a}.", "rm {a}"), ("Make a <folder|directory> {o}.", "mkdir -p {o}"),
        ("Find the lines with \"{s}\" in {a}.", "grep \"{s}\" {a}"),
        ("How many lines of {a} have the word {s}?", "grep -c \"{s}\" {a}"),
        ("Show the first {n} lines of {a}.", "head -n {n} {a}"), ("Show the last {n} lines of {a}.", "tail -n {n} {a}"),
        ("Find all files called {a} in {b}.", "find {b} -name \"{a}\""), ("How many files are in {b}?", "ls {b} | wc -l"),
        ("Sort {a} by number.", "sort -n {a}"), ("Sort {a} and drop double lines.", "sort -u {a}"), ("Go to {b}.", "cd {b}"),
        ("Print the word {s}.", "echo \"{s}\""), ("Write {s} into {a}.", "echo \"{s}\" > {a}"),
        ("How large is the folder {b}?", "du -sh {b}"),
        ("Make an empty file {a}.", "touch {a}"), ("Where am I?", "pwd"), ("Make {a} readable for all.", "chmod a+r {a}"),
        ("Find all files in {b} larger than {n} megabytes.", "find {b} -type f -size +{n}M"),
        ("Pack {b} into one archive.", "tar -czf archive.tar.gz {b}"),
        ("Show the second column of {a}.", "cut -d, -f2 {a}"), ("Replace {s} by {n} in {a}.", "sed -i 's/{s}/{n}/g' {a}"),
    ]
}
