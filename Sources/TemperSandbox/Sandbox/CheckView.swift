/// What a check sees of a machine beside the folders that no program takes code from.
///
/// A check's machine has the host's own `/usr` and a fresh `/etc`. The policy's folders of `/` are in it for reading, and so are the
/// accounts. Of `/etc` and `/usr` it sees what its author asks about, never what a program or the loader would take code from.
package struct CheckView: Sendable, Hashable {
    /// The check's working and home folder: `/root` of the policy, or ``ownFolder``.
    package var home: String
    /// Files and folders below `/etc` and `/usr` that it reads.
    package var paths: [String]
    /// Commands that the policy was asked to make, found where the system has none of that name.
    package var commands: [String]
    /// Names that appear in it, such as `.bashrc`: a start-up file that it does not name is empty to it.
    package var names: [String]

    /// Start-up files that it reads with `source`, as it writes them.
    package var sources: [String]

    /// Empty and writable in every check, and the place of its temporary files.
    package static let ownFolder = "/check"

    /// - Parameters:
    ///   - script: the check's text.
    ///   - task: what the policy was asked for; a command that is named here and in the script is the policy's to make.
    ///   - preparation: what made the machine; a command that is named here is not.
    package init(of script: String, task: String = "", preparation: String = "", home: String = ownFolder) {
        self.home = home
        let named = script.matches(of: /\/(?:etc|usr)\/[\w.\/+-]*/).map { match in
            "/" + match.output.split(separator: "/").joined(separator: "/").trimmingSuffix(while: ".")
        }
        paths = Set(named).filter { path in !path.split(separator: "/").contains("..") && path.split(separator: "/").count > 1 }
            .sorted()
        func words(_ text: String) -> Set<String> { Set(text.matches(of: /[\w.+-]*[\w+]/).map { String($0.output) }) }
        names = words(script).filter { $0.hasPrefix(".") }.sorted()
        let sourced = script.matches(of: /(?:^|[;&|({\s])(?:source|\.)\s+["']?([~$\/\w][\w.~\/{}+-]*)/).map { String($0.1) }
        sources = Set(sourced).sorted()
        commands = words(script).intersection(words(task)).subtracting(words(preparation)).filter { !$0.hasPrefix("-") }.sorted()
    }
}

extension String {
    fileprivate func trimmingSuffix(while character: Character) -> String {
        var text = self[...]
        while text.last == character { text.removeLast() }
        return String(text)
    }
}
