package import Foundation
import Mustache
import TemperCore

/// Writes the report of a run: one self-contained page and the data behind it.
package enum Report {
    package static let pageName = "report.html"
    package static let dataName = "report.json"

    /// The page. It loads nothing, runs no script, and every text in it is escaped.
    ///
    /// - Throws: ``TemperError`` with code `internal` when the package's own template is damaged.
    package static func html(_ data: ReportData) throws -> String {
        try render(ReportView(data, style: try resource("style", "css")), with: try resource("report", "mustache"))
    }

    /// The data, sorted and indented: the same value gives the same bytes.
    ///
    /// A loss that is no longer a number is written as `"nan"` or `"inf"`: a training that diverged is reported too.
    package static func json(_ data: ReportData) throws -> Data {
        let encoder = JSONEncoder.stable(pretty: true)
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try encoder.encode(data)
    }

    /// Writes both files into a folder, each whole or not at all.
    ///
    /// - Throws: ``TemperError`` with code `unavailable` that names the file which could not be written.
    package static func write(_ data: ReportData, to folder: URL) throws {
        let files = [(pageName, Data(try html(data).utf8)), (dataName, try json(data))]
        for (name, bytes) in files {
            let url = folder.appendingPathComponent(name)
            do { try bytes.write(to: url, options: .atomic) } catch {
                throw TemperError(
                    .unavailable, "the report could not be written: \(TemperError.describe(error))",
                    hint: "check that the folder exists and the disk has space", place: url.path, cause: error)
            }
        }
    }

    private static func render(_ view: ReportView, with template: String) throws -> String {
        ScalarHTML.register()
        do { return try MustacheTemplate(string: template).render(view) } catch {
            throw TemperError(.internal, "the report's template is damaged: \(error)", place: "report.mustache", cause: error)
        }
    }

    private static func resource(_ name: String, _ suffix: String) throws -> String {
        guard let url = Bundle.module.url(forResource: name, withExtension: suffix, subdirectory: "Resources") else {
            throw TemperError(
                .internal, "a resource of the package is absent", hint: "build it again", place: "\(name).\(suffix)")
        }
        return try String(contentsOf: url, encoding: .utf8)
    }
}
