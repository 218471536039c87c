import TemperCore

/// A way to split the tasks of a suite by one of their tags.
package struct Grouping: Sendable, Hashable {
    /// The tag's name, such as `shape`.
    package var tag: String
    /// What a value is called in tables; a value without an entry is called by itself.
    package var labels: [String: String]
    /// The value of tasks without the tag, once any task has it; nil leaves them out of the groups.
    package var absentValue: String?

    package init(tag: String, labels: [String: String] = [:], absentValue: String? = nil) {
        self.tag = tag
        self.labels = labels
        self.absentValue = absentValue
    }

    /// Question shapes that training never saw apart from those it saw.
    package static let heldOut = Grouping(
        tag: "held_out", labels: ["true": "held-out shapes", "false": "trained shapes"], absentValue: "false")
    /// Each shape of question by itself.
    package static let shape = Grouping(tag: "shape")
    /// Each kind of task by itself: kinds of SQL statement, of household task.
    package static let kind = Grouping(tag: "kind")
    /// What is many rows and has no place in a short table.
    package static let detailTags: Set<String> = [shape.tag, kind.tag]
    /// The label of a row over all tasks.
    package static let all = "all"

    /// The groups in order of their tag's value; empty when no task has the tag.
    func groups(of trajectories: [Trajectory]) -> [(label: String, members: [Trajectory])] {
        guard trajectories.contains(where: { $0.task.tags[tag] != nil }) else { return [] }
        let tagged = trajectories.filter { ($0.task.tags[tag] ?? absentValue) != nil }
        return tagged.grouped(by: { $0.task.tags[tag] ?? absentValue ?? "" }).sorted { $0.key < $1.key }
            .map { (labels[$0.key] ?? $0.key, $0.members) }
    }
}
