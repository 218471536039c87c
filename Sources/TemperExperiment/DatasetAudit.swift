package import Foundation
import TemperCore
package import TemperData
import TemperTokenizers
import TemperTransformer

/// `temper audit`: a dataset, run or file against the tokenizer and the template of the model it is to train.
package enum DatasetAudit {
    /// - Parameters:
    ///   - model: a folder, or a shipped name.
    ///   - template: a name of a recipe's `curate.chat_template`; nil takes the model's own, or else ChatML.
    /// - Throws: ``TemperError`` with code `data` when there is no such model, or nothing to look at.
    package static func run(_ path: URL, model: String, template: String? = nil) throws -> AuditReport {
        let folder = try ModelLocator.folder(for: model)
        let tokenizer = try Tokenizer(folder: folder)
        var options = CurationOptions()
        options.chatTemplate = template
        let renderer = try TokenRenderer(
            tokenizer: tokenizer, template: Curation.template(options, tokenizer),
            trainOn: Author.allCases.filter { !Author.neverTrained.contains($0) })
        return try Audit.run(path, renderer: renderer, contextLimit: ModelConfiguration.contextLength(of: folder))
    }
}
