import Foundation
import TemperCore
import TemperData

/// What a file that cannot be imported looks like, and the way out.
enum SourceFileForm {
    /// Larger files are not read whole to tell what they are.
    private static let largest = 64 << 20

    /// The error itself where the file looks like what it should be.
    static func explained(_ error: TemperError, _ file: URL) -> TemperError {
        guard let (message, hint) = form(of: file) else { return error }
        return TemperError(.data, message, hint: hint, place: file.relativePath, boundary: .data, cause: error)
    }

    private static func form(of file: URL) -> (message: String, hint: String)? {
        let name = file.lastPathComponent
        guard let handle = try? FileHandle(forReadingFrom: file), let head = try? handle.read(upToCount: 4) else { return nil }
        switch [UInt8](head) {
        case let bytes where bytes.starts(with: [0x1F, 0x8B]):
            return (
                "the file is compressed with gzip",
                "gunzip -k \(name), then import \(file.deletingPathExtension().lastPathComponent)"
            )
        case [0x28, 0xB5, 0x2F, 0xFD]:
            return ("the file is compressed with Zstandard", "zstd -d \(name), then import what it writes")
        case [0x50, 0x4B, 0x03, 0x04]: return ("the file is a ZIP archive", "unzip \(name), then import the files in it")
        case Array("PAR1".utf8):
            return (
                "the file is in Parquet's format",
                "python -c \"import pandas; pandas.read_parquet('\(name)').to_json('\(name).jsonl', orient='records', lines=True)\""
            )
        default: return document(in: file)
        }
    }

    /// One JSON object over several lines.
    private static func document(in file: URL) -> (message: String, hint: String)? {
        let name = file.lastPathComponent
        guard let data = try? Data(contentsOf: file, options: .mappedIfSafe), data.count <= largest,
            data.first(where: { !($0 == 0x20 || (0x09...0x0D).contains($0)) }) == 0x7B,
            let value = try? JSONValue.parse(data, named: name), data.dropLast().contains(0x0A)
        else { return nil }
        if value["trajectory"]?.array != nil, file.pathExtension == "traj" || value["info"] != nil || value["environment"] != nil
        {
            return (
                "this is a trajectory of SWE-agent, whose steps are not what the model saw",
                "the messages stand under 'history', where the file has it: jq -c '{messages: .history}' \(name) > \(name).jsonl"
            )
        }
        return (
            "the file is one JSON object over several lines, where a record has a line of its own or stands in a list",
            "jq -c . \(name) > \(name)l"
        )
    }
}
