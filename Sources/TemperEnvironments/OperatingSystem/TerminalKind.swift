import TemperCore
import TemperSandbox

/// What a task of `pocket/terminal` asks for.
enum TerminalKind: String, CaseIterable, Sendable {
    case countFiles = "count_files"
    case countEnding = "count_ending"
    case largest, smallest
    case lineCount = "line_count"
    case linesWithWord = "lines_with_word"
    case pathOf = "path_of"
    case permissions
    case columnSum = "column_sum"
    case valueOf = "value_of"
    case highest
    case holder
    case create, rename, restrict
    case moveFound = "move_found"
    case deleteLargest = "delete_largest"
    case linesOfFound = "lines_of_found"

    /// How the solution ends.
    enum Ending: Sendable {
        /// The answer is the last output, or a word of it.
        case output, firstWord, lastWord
        /// The machine is changed.
        case finish
    }

    /// One command of the solution and why, as `{slot}` texts; `{1}` is the first command's output.
    struct Step: Sendable {
        var command: String
        /// Goes on after "I", such as `count the files in {d}`.
        var purpose: String
    }

    var ending: Ending {
        switch self {
        case .valueOf: .lastWord
        case .highest: .firstWord
        case .create, .rename, .restrict, .moveFound, .deleteLargest: .finish
        default: .output
        }
    }

    var steps: [Step] {
        switch self {
        case .countFiles: [Step(command: "ls {d} | wc -l", purpose: "count the files in {d}")]
        case .countEnding: [Step(command: "ls {d}/*.{x} | wc -l", purpose: "count the .{x} files in {d}")]
        case .largest: [Step(command: "ls -S {d} | head -n 1", purpose: "list {d} by size and take the first file")]
        case .smallest: [Step(command: "ls -S {d} | tail -n 1", purpose: "list {d} by size and take the last file")]
        case .lineCount: [Step(command: "wc -l < {f}", purpose: "count the lines of {f}")]
        case .linesWithWord: [Step(command: "grep -c {w} {f}", purpose: "count the lines of {f} with {w}")]
        case .pathOf: [Step(command: "find {d} -name {n}", purpose: "search {d} for {n}")]
        case .permissions: [Step(command: "stat -c %a {f}", purpose: "read the permissions of {f}")]
        case .columnSum:
            [Step(command: "awk '{s+=$2} END {print s}' {f}", purpose: "add up the second column of {f}")]
        case .valueOf: [Step(command: "grep {w} {f}", purpose: "look for the line of {w} in {f}")]
        case .highest: [Step(command: "sort -n -k 2 {f} | tail -n 1", purpose: "sort {f} by number and take the last line")]
        case .holder: [Step(command: "grep -l {w} {d}/*", purpose: "search the files in {d} for {w}")]
        case .create: [Step(command: "echo {w} > {f}", purpose: "write {w} into {f}")]
        case .rename: [Step(command: "mv {d}/{n} {d}/{m}", purpose: "rename {n} to {m}")]
        case .restrict: [Step(command: "chmod {m} {f}", purpose: "set the permissions of {f} to {m}")]
        case .moveFound:
            [
                Step(command: "find {d} -name {n}", purpose: "search {d} for {n}"),
                Step(command: "mv {1} {e}", purpose: "move {1} to {e}"),
            ]
        case .deleteLargest:
            [
                Step(command: "ls -S {d} | head -n 1", purpose: "list {d} by size and take the first file"),
                Step(command: "rm {d}/{1}", purpose: "delete {1}"),
            ]
        case .linesOfFound:
            [
                Step(command: "find {d} -name {n}", purpose: "search {d} for {n}"),
                Step(command: "wc -l < {1}", purpose: "count the lines of {1}"),
            ]
        }
    }

    /// How the task may be told; the wordings of test tasks are in no training text.
    func wordings(isTest: Bool) -> [String] {
        let (train, test) = Self.wordings(of: self)
        return isTest ? test : train
    }

    private static func wordings(of kind: TerminalKind) -> (train: [String], test: [String]) {
        switch kind {
        case .countFiles:
            (
                [
                    "How many files are in {d}?", "Count the files in {d}.", "Tell me how many files {d} has.",
                    "What is the number of files in {d}?", "Give me the number of files in the folder {d}.",
                ], ["How many files does the folder {d} hold?", "Find out how many files are in {d}."]
            )
        case .countEnding:
            (
                [
                    "How many .{x} files are in {d}?", "Count the .{x} files in {d}.", "Tell me how many .{x} files {d} has.",
                    "What is the number of .{x} files in {d}?", "How many files in {d} end with .{x}?",
                ], ["How many .{x} files does the folder {d} hold?", "Find out how many .{x} files are in {d}."]
            )
        case .largest:
            (
                [
                    "Which file in {d} is the largest?", "What is the largest file in {d}?", "Name the largest file in {d}.",
                    "Tell me the name of the largest file in {d}.", "Find the largest file in {d} and tell me its name.",
                ], ["Which is the largest of the files in {d}?", "I want the name of the largest file in {d}."]
            )
        case .smallest:
            (
                [
                    "Which file in {d} is the smallest?", "What is the smallest file in {d}?", "Name the smallest file in {d}.",
                    "Tell me the name of the smallest file in {d}.", "Find the smallest file in {d} and tell me its name.",
                ], ["Which is the smallest of the files in {d}?", "I want the name of the smallest file in {d}."]
            )
        case .lineCount:
            (
                [
                    "How many lines does {f} have?", "Count the lines of {f}.", "Tell me how many lines are in {f}.",
                    "What is the number of lines in {f}?", "Give me the number of lines of the file {f}.",
                ], ["How many lines are there in the file {f}?", "Find out how many lines {f} has."]
            )
        case .linesWithWord:
            (
                [
                    "How many lines of {f} have the word {w}?", "Count the lines of {f} with the word {w}.",
                    "In how many lines of {f} is the word {w}?", "Tell me how many lines of {f} have the word {w}.",
                    "What is the number of lines with the word {w} in {f}?",
                ], ["How many lines with the word {w} are in {f}?", "Find out how many lines of {f} have the word {w}."]
            )
        case .pathOf:
            (
                [
                    "What is the full path of {n} in {d}?", "Where in {d} is the file {n}? Give the full path.",
                    "Find {n} in {d} and tell me its full path.",
                    "Tell me the full path of the file {n}. It is somewhere in {d}.",
                    "The file {n} is somewhere in {d}. What is its full path?",
                ], ["Somewhere in {d} is the file {n}. Give me its full path.", "I want the full path of {n}. It is in {d}."]
            )
        case .permissions:
            (
                [
                    "What are the permissions of {f} as a number?", "Give the permissions of {f} as a number.",
                    "Tell me the permissions of {f} in digits.", "Which permissions does {f} have? Answer with the number.",
                    "Read the permissions of {f} and tell me the number.",
                ], ["As a number, what are the permissions of {f}?", "I want the permissions of the file {f} as a number."]
            )
        case .columnSum:
            (
                [
                    "What is the sum of the second column of {f}?", "Add up the second column of {f}.",
                    "Tell me the sum of the second column in {f}.", "Give me the total of the second column of {f}.",
                    "What do the numbers in the second column of {f} add up to?",
                ], ["Find out the sum of the second column of {f}.", "I want the total of the second column in {f}."]
            )
        case .valueOf:
            (
                [
                    "Which number does {w} have in {f}?", "What is the number of {w} in {f}?",
                    "Look up the number of {w} in {f}.",
                    "Tell me the number next to {w} in {f}.", "In {f}, which number does {w} have?",
                ], ["Find out which number {w} has in {f}.", "I want the number of {w}. It is in {f}."]
            )
        case .highest:
            (
                [
                    "Who has the highest number in {f}?", "Which name in {f} has the highest number?",
                    "Tell me who has the highest number in {f}.", "Find the name with the highest number in {f}.",
                    "What is the name with the highest number in {f}?",
                ], ["I want the name that has the highest number in {f}.", "In {f}, who has the highest number?"]
            )
        case .holder:
            (
                [
                    "Which file in {d} has the word {w}? Give the full path.",
                    "Find the file in {d} with the word {w} and tell me its full path.",
                    "What is the full path of the file in {d} that has the word {w}?",
                    "In which file of {d} is the word {w}? Give the full path.",
                    "One file in {d} has the word {w}. What is its full path?",
                ],
                [
                    "I want the full path of the file in {d} with the word {w}.",
                    "The word {w} is in one file of {d}. Give me its full path.",
                ]
            )
        case .create:
            (
                [
                    "Create the file {f} with the text {w}.", "Write {w} into the new file {f}.",
                    "Make a file {f} that holds the text {w}.", "Put the text {w} into a new file {f}.",
                    "Make the file {f} and write {w} into it.",
                ], ["Create a new file {f} and put the text {w} into it.", "I need the file {f} with the text {w}."]
            )
        case .rename:
            (
                [
                    "Rename {n} in {d} to {m}.", "In {d}, rename the file {n} to {m}.", "Give the file {n} in {d} the name {m}.",
                    "Change the name of {n} in {d} to {m}.", "The file {n} in {d} should be called {m}. Rename it.",
                ], ["Please rename the file {n} in {d}: it should be called {m}.", "In {d}, change the name of {n} to {m}."]
            )
        case .restrict:
            (
                [
                    "Set the permissions of {f} to {m}.", "Give {f} the permissions {m}.",
                    "Change the permissions of {f} to {m}.",
                    "The file {f} should have the permissions {m}. Set them.", "Make {m} the permissions of {f}.",
                ], ["Please set {m} as the permissions of {f}.", "I need the permissions {m} on the file {f}."]
            )
        case .moveFound:
            (
                [
                    "Find {n} in {d} and move it to {e}.", "Move the file {n} to {e}. It is somewhere in {d}.",
                    "The file {n} is somewhere in {d}. Move it to {e}.", "Somewhere in {d} there is {n}. Move it to {e}.",
                    "Move {n} from where it is in {d} to {e}.",
                ], ["Please move {n} to {e}. You find it in {d}.", "I need {n} in {e}. It is somewhere in {d}: move it."]
            )
        case .deleteLargest:
            (
                [
                    "Delete the largest file in {d}.", "Find the largest file in {d} and delete it.",
                    "Remove the largest file from {d}.", "Which file in {d} is the largest? Delete it.",
                    "The largest file in {d} should go. Delete it.",
                ], ["Please delete the file in {d} that is the largest.", "Get rid of the largest file in {d}."]
            )
        case .linesOfFound:
            (
                [
                    "How many lines does {n} have? It is somewhere in {d}.", "Find {n} in {d} and count its lines.",
                    "The file {n} is somewhere in {d}. How many lines does it have?",
                    "Somewhere in {d} there is {n}. Count its lines.", "Tell me how many lines {n} has. It is somewhere in {d}.",
                ], ["Find out how many lines {n} has. You find it in {d}.", "I want the number of lines of {n}. It is in {d}."]
            )
        }
    }
}
