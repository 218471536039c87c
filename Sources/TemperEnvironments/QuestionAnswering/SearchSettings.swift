import Foundation
import TemperCore

/// What a question suite searches, as its ``SearchOptions`` say.
package struct SearchSettings: Sendable {
    /// Nil takes the suite's own.
    var backend: (any SearchBackend)?
    var faults = SearchFaults()

    private(set) var access = WorldAccess.none

    init() {}

    /// These settings with what a search service may reach.
    func reaching(_ access: WorldAccess) -> SearchSettings {
        var settings = self
        settings.access = access
        settings.backend = backend?.reaching(access)
        return settings
    }

    /// - Parameter environment: where keys are looked for.
    /// - Throws: ``TemperError`` with code `data` for a value that cannot be, `unavailable` for a missing key or file.
    init(_ options: SearchOptions, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        faults = try options.faults.checked()
        let (file, url, cache) = (options.file, options.url, options.cache)
        let isService = options.search.map { $0 != .local && $0 != .recorded } ?? false
        if file != nil, isService || options.search == nil {
            throw Self.useless("search_file", "search=local or search=recorded")
        }
        if !isService, url != nil || cache != nil {
            throw Self.useless(url != nil ? "search_url" : "search_cache", "a search service")
        }
        if let url, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            throw TemperError(.data, "'search_url' must start with http:// or https://", boundary: .recipe)
        }
        guard let kind = options.search else { return }
        if isService {
            let service = try Self.service(kind.rawValue, url: url, environment: environment)
            backend = try CachedSearch(service, folder: cache.map { URL(fileURLWithPath: $0, isDirectory: true) })
        } else if kind == .local {
            backend = try file.map(LocalCorpus.open) ?? HotpotQAData.paragraphIndex()
        } else if let file {
            backend = try RecordedSearch.open(file)
        } else {
            _ = try DataFolder.file(RecordedSearch.fileName)
            backend = try RecordedSearch.fireAct()
        }
    }

    /// The environment of a task.
    ///
    /// - Parameter standard: the suite's own back end, made when the options name none.
    /// - Throws: ``TemperError`` with code `data` for a task without answer.
    func environment(
        for task: AgentTask, metric: AnswerMetric, standard: () throws -> any SearchBackend
    ) throws -> QuestionAnsweringEnvironment {
        guard let answer = task.referenceAnswer else {
            throw TemperError(.data, "the task '\(task.id)' has no answer", place: task.suite, boundary: .data)
        }
        return QuestionAnsweringEnvironment(task: task, gold: answer, metric: metric, search: try backend ?? standard())
    }

    private static func service(_ kind: String, url: String?, environment: [String: String]) throws -> any SearchBackend {
        let others = try RecordedSearch.fireAct()?.pages ?? []
        if kind == "wikipedia" {
            return WikipediaSearch(url: url ?? WikipediaSearch.standardURL, otherResults: others)
        }
        if let service = GoogleSearch.Service(rawValue: kind) {
            let variable = GoogleSearch.keyVariable(service)
            guard let key = environment[variable], !key.isEmpty else {
                throw TemperError(
                    .unavailable, "the search '\(kind)' needs a key", hint: "set \(variable)", boundary: .environment)
            }
            return GoogleSearch(service, key: key, url: url, otherResults: others)
        }
        guard let url else {
            throw TemperError(
                .data, "the search 'searxng' needs its server", hint: "set search_url, such as http://localhost:8888",
                boundary: .recipe)
        }
        return SearXNGSearch(url: url, otherResults: others)
    }

    private static func useless(_ key: String, _ need: String) -> TemperError {
        TemperError(.data, "'\(key)' has no effect here", hint: "it belongs to \(need)", boundary: .recipe)
    }
}
