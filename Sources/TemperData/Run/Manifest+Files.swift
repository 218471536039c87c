import Foundation
import TemperCore

/// The files of a run beside the hashes that the manifest keeps of them.
extension Manifest {
    /// How a file compares with its record.
    package struct FileState: Codable, Sendable, Hashable {
        package enum State: String, Codable, Sendable {
            case intact, changed, missing
            /// It lies in a folder that a stage recorded whole, and was not there then.
            case unrecorded
        }

        /// The path in the run folder.
        package var path: String
        package var state: State
    }

    /// What the stages write, as a folder's path with `/` at its end, or a file's.
    package enum Output: String, CaseIterable, Sendable {
        case derived = "derived/"
        case dataset = "dataset/"
        case model = "model/"
        /// Of further training seeds.
        case seedModels = "models/"
        case evaluation = "evaluation.json"

        /// A file that is recorded only by a Temper that records the whole folder.
        fileprivate var witness: String? {
            switch self {
            case .dataset: "dataset/card.json"
            case .model: "model/config.json"
            case .derived, .seedModels, .evaluation: nil
            }
        }

        /// The files that are there, by their path in the run folder. What a training keeps to go on with is not an output.
        func files(in folder: RunFolder) throws -> [String] {
            guard rawValue.hasSuffix("/") else {
                return FileManager.default.fileExists(atPath: folder.url.appendingPathComponent(rawValue).path) ? [rawValue] : []
            }
            let root = folder.url.appendingPathComponent(rawValue, isDirectory: true)
            guard FileManager.default.fileExists(atPath: root.path) else { return [] }
            return try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted().filter { name in
                var isFolder: ObjCBool = false
                let path = root.appendingPathComponent(name).path
                let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                let last = name.split(separator: "/").last ?? ""
                return isThere && !isFolder.boolValue && !last.hasPrefix(".") && !last.hasPrefix("checkpoint.safetensors")
            }.map { rawValue + $0 }
        }
    }

    /// Records the files of an output as they are now, in place of what was recorded of it before.
    package mutating func record(_ output: Output, in folder: RunFolder) throws {
        hashes = hashes.filter { !$0.key.hasPrefix(output.rawValue) }
        forgetAdopted(output)
        for path in try output.files(in: folder) {
            hashes[path] = try SHA256.hex(file: folder.url.appendingPathComponent(path))
        }
    }

    /// Compares the files of some outputs with their records; in the order of their paths.
    ///
    /// - Parameter path: only the file of this path.
    package func states(of outputs: [Output], in folder: RunFolder, only path: String? = nil) throws -> [FileState] {
        var states: [FileState] = []
        for output in outputs {
            let present = Set(try output.files(in: folder))
            let recorded = hashes.keys.filter { $0.hasPrefix(output.rawValue) }
            let others = output.witness.map { hashes[$0] != nil } == true ? present.subtracting(recorded) : []
            states += others.map { FileState(path: $0, state: .unrecorded) }
            for name in recorded where path == nil || name == path {
                let url = folder.url.appendingPathComponent(name)
                guard FileManager.default.fileExists(atPath: url.path) else {
                    states.append(FileState(path: name, state: .missing))
                    continue
                }
                states.append(FileState(path: name, state: try SHA256.hex(file: url) == hashes[name] ? .intact : .changed))
            }
        }
        return states.filter { path == nil || $0.path == path }.sorted { $0.path < $1.path }
    }

    /// - Throws: ``TemperError`` with code `data` that names the first file that is not as it was recorded.
    package func requireIntact(_ outputs: [Output], in folder: RunFolder, only path: String? = nil) throws {
        let odd = try states(of: outputs, in: folder, only: path).filter { $0.state != .intact }
        guard let first = odd.first else { return }
        let what: String
        switch first.state {
        case .missing: what = "the file is missing"
        case .unrecorded: what = "the file is not of this run: no stage wrote it"
        case .changed, .intact: what = "the file is not what the run wrote: it was changed or damaged"
        }
        throw TemperError(
            .data, what + (odd.count > 1 ? " (and \(odd.count - 1) more)" : ""),
            hint: "'temper verify' lists all such files of a run; if they are meant, 'temper adopt' takes them in",
            place: folder.url.appendingPathComponent(first.path).relativePath, boundary: .data)
    }

    /// Takes all files in as they are now.
    ///
    /// A dataset or model that no stage of this run wrote counts as that stage's from now on.
    ///
    /// - Parameter trainingStage: the stage that would have written the model; nil where the recipe trains none.
    /// - Returns: the files that were not as recorded, as they were found.
    package mutating func adopt(in folder: RunFolder, trainingStage: String?) throws -> [FileState] {
        var found: [FileState] = []
        for output in Output.allCases {
            let states = try states(of: [output], in: folder)
            let known = Set(states.map(\.path))
            found += states.filter { $0.state != .intact }
            found += try output.files(in: folder).filter { !known.contains($0) }.map { FileState(path: $0, state: .unrecorded) }
            let before = Set(adopted ?? []).filter { $0.hasPrefix(output.rawValue) }
            try record(output, in: folder)
            let taken = before.union(found.map(\.path)).filter { hashes[$0] != nil }
            if !taken.isEmpty { adopted = Set(adopted ?? []).union(taken).sorted() }
        }
        let makers: [(String?, String)] = [("curate", "dataset/tokens.safetensors"), (trainingStage, "model/config.json")]
        for (stage, witness) in makers {
            guard let stage, hashes[witness] != nil, stages[stage]?.status != .finished else { continue }
            stages[stage] = StageRecord(.finished, message: "taken in with temper adopt")
        }
        try write(to: folder)
        return found.sorted { $0.path < $1.path }
    }

    private mutating func forgetAdopted(_ output: Output) {
        let rest = (adopted ?? []).filter { !$0.hasPrefix(output.rawValue) }
        adopted = rest.isEmpty ? nil : rest
    }
}
