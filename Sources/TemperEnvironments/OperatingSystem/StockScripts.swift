import TemperCore
import TemperSandbox

/// The preparations that AgentBench's tasks name as files, without the files.
enum StockScripts {
    /// Bash code, or nil for another file. What is random in it follows from the task, so that every attempt sees the same.
    static func code(_ file: String, task: String) -> String? {
        switch file {
        case "init/stock-log.sh": stockLog(task)
        case "init/nested_folders.sh": nestedFolders
        default: nil
        }
    }

    /// 401 deals of Alice and Bob in `/usr/stock.log`.
    private static func stockLog(_ task: String) -> String {
        var random = RandomSource(seed: 0, "stock-log", task)
        let lines = (0..<401).map { _ in
            let name = random.pick(["Alice", "Bob"])
            let deal = random.pick(["Purchase", "Sell"])
            return "\(name) | \(deal) | \(random.index(below: 100)) | \(random.index(below: 1_000))"
        }
        return "cat > /usr/stock.log <<'END'\n\(lines.joined(separator: "\n"))\nEND"
    }

    private static let nestedFolders = """
        for i in 1 2 3 4 5 6 7 8 9 10; do
            mkdir -p folder$i && cd folder$i
            printf '#!/bin/bash\\necho "I love myself."\\n' > echo-love
            if [ $i = 5 ]; then chmod +x echo-love; fi
        done
        """
}
