import Foundation
package import TemperCore

/// What a run was asked to do, by what, and how far it came: `manifest.json`.
package struct Manifest: Codable, Sendable, Hashable {
    /// The state of a stage.
    package struct StageRecord: Codable, Sendable, Hashable {
        package enum Status: String, Codable, Sendable { case running, finished, failed }

        package var status: Status
        /// Time spent in the stage, over all the times the run was started.
        package var seconds: Double
        package var message: String?

        package init(_ status: Status, seconds: Double = 0, message: String? = nil) {
            self.status = status
            self.seconds = seconds
            self.message = message
        }
    }

    package static let currentSchema = 1

    package var schema: Int
    package var name: String
    /// The recipe with every default filled in.
    package var recipe: JSONValue
    /// Dotted keys that the recipe file or the command line gave.
    package var givenKeys: [String]
    package var seed: UInt64
    /// Temper, Swift, and the libraries that decide numbers.
    package var versions: [String: String]
    package var commit: String?
    package var isDirty: Bool?
    /// SHA-256 of each output by its path in the folder.
    package var hashes: [String: String]
    /// Paths of files that came from elsewhere or were changed, and were taken in as they are; nil when there is none.
    package var adopted: [String]?
    package var stages: [String: StageRecord]
    /// What training left behind: the policy `tuned`. Nil before, and in runs of versions that knew a folder only.
    package var model: TrainedModel?

    enum CodingKeys: String, CodingKey {
        case schema, name, recipe, seed, versions, commit, hashes, adopted, stages, model
        case givenKeys = "given_keys"
        case isDirty = "dirty"
    }

    package init(
        name: String, recipe: JSONValue, givenKeys: [String] = [], seed: UInt64, versions: [String: String] = [:],
        commit: String? = nil, isDirty: Bool? = nil
    ) {
        schema = Self.currentSchema
        self.name = name
        self.recipe = recipe
        self.givenKeys = givenKeys
        self.seed = seed
        self.versions = versions
        self.commit = commit
        self.isDirty = isDirty
        hashes = [:]
        stages = [:]
    }

    /// Reads a run's manifest; nil when the run has none yet.
    ///
    /// - Throws: ``TemperError`` with code `data` when it is damaged or of another version.
    package static func read(_ folder: RunFolder) throws -> Manifest? {
        guard FileManager.default.fileExists(atPath: folder.manifest.path) else { return nil }
        let manifest = try ReadFile.json(Manifest.self, from: folder.manifest)
        guard manifest.schema == currentSchema else {
            throw TemperError(
                .data, "the run was written in format \(manifest.schema); this Temper reads format \(currentSchema)",
                place: folder.manifest.path, boundary: .data)
        }
        return manifest
    }

    /// Keys that change how fast and how patiently a run goes, not what it writes: they may differ when it goes on.
    static let operationalKeys = [
        "derive.concurrency", "derive.endpoint", "collect.concurrency", "collect.endpoint",
        "evaluate.concurrency", "train.native.checkpoint_seconds", "pretrain.native.checkpoint_seconds",
    ]

    /// The stored manifest when the folder has one of the same recipe, else this one, which is then written.
    ///
    /// - Parameter current: the stored recipe with the keys of this version, where an older one named them otherwise.
    /// - Throws: ``TemperError`` with code `data` that names the keys in which another recipe differs.
    package func begin(in folder: RunFolder, current: (JSONValue) throws -> JSONValue = { $0 }) throws -> Manifest {
        guard let stored = try Self.read(folder) else {
            try write(to: folder)
            return self
        }
        let keys = try Self.differences(current(stored.recipe), recipe).filter { key in
            !Self.operationalKeys.contains { key == $0 || key.hasPrefix($0 + ".") }
        }
        guard keys.isEmpty else {
            throw TemperError(
                .data, "the run was started with another recipe; these keys differ: \(keys.joined(separator: ", "))",
                hint: "choose another folder with --run, or give the recipe it was started with", place: folder.url.path,
                boundary: .recipe)
        }
        return stored
    }

    /// Writes the manifest whole or not at all.
    package func write(to folder: RunFolder) throws { try AtomicFile.writeJSON(self, to: folder.manifest) }

    /// The dotted paths at which two values differ, in order.
    package static func differences(_ left: JSONValue, _ right: JSONValue, at path: String = "") -> [String] {
        guard left != right else { return [] }
        guard case .object(let first) = left, case .object(let second) = right else {
            return [path.isEmpty ? "(the whole recipe)" : path]
        }
        return Set(first.keys).union(second.keys).sorted().flatMap { key -> [String] in
            let inner = path.isEmpty ? key : "\(path).\(key)"
            guard let one = first[key], let other = second[key] else { return [inner] }
            return differences(one, other, at: inner)
        }
    }
}
