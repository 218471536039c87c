import TemperCore
import TemperTokenizers

extension TokenRenderer {
    /// - Throws: ``TemperError`` with code `data` when the template cannot be read or the tokenizer lacks a special token of it, so that
    ///   no document at all can be rendered.
    func requireUsable() throws { try template.requireSpecialTokens(of: tokenizer) }

    /// Renders a document; what of it cannot be, costs the document and not the run.
    ///
    /// - Parameter documents: gets the rendered documents.
    /// - Returns: why it cannot be rendered; nil when it was.
    func refusal(of document: Document, into documents: inout [CuratedDocument]) -> String? {
        do {
            documents += try encodeAll(document).map(CuratedDocument.init)
            return nil
        } catch {
            let reason = (error as? TemperError)?.message ?? TemperError.describe(error)
            // Places inside a record would make every reason one of its own.
            return reason.replacing(/\ \(message \d+\)/, with: "")
        }
    }
}
