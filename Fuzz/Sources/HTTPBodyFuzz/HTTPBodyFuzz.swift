import Foundation
import TemperCore

@testable import TemperServer

/// Reads the bytes as the body of both kinds of completion, and as a reply with calls. A refusal is fine; a crash, a hang or an
/// error of another kind is not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    readCalls(bytes)
    let body: JSONValue
    do throws(APIError) {
        body = try JSONReader.read(bytes)
    } catch {
        precondition(error.status == 400, "a body that is no JSON has status \(error.status)")
        return 0
    }
    do throws(APIError) {
        let again = try JSONReader.read(JSONWriter.bytes(body))
        precondition(again == body, "what is written does not read back")
    } catch {
        preconditionFailure("what is written is no JSON: \(error)")
    }
    do throws(APIError) {
        let request = try ChatRequest(body)
        precondition(!request.messages.isEmpty && (1...ServerOptions.maximumChoices).contains(request.sampling.count))
        precondition((0...2).contains(request.sampling.temperature) && (0...1).contains(request.sampling.topP))
    } catch {
        precondition(error.status == 400, "a body that makes no sense has status \(error.status)")
    }
    do throws(APIError) {
        let request = try TextRequest(body)
        precondition(!request.prompts.isEmpty && request.prompts.count * request.sampling.count <= ServerOptions.maximumChoices)
    } catch {
        precondition(error.status == 400, "a body that makes no sense has status \(error.status)")
    }
    return 0
}

/// The tools of the request whose reply is read.
private let reader: ToolCallReader = {
    let body = """
        {"model": "m", "messages": [{"role": "user", "content": "x"}], "tools": [{"type": "function", "function": {"name": "f"}}]}
        """
    do throws(APIError) {
        return ToolCallReader(try ChatRequest(JSONReader.read(Array(body.utf8))))
    } catch {
        preconditionFailure("the request of the test is refused: \(error)")
    }
}()

/// What a stream shows is never taken back: it is where the text of the whole reply begins.
private func readCalls(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let (content, calls) = reader.read(text)
    let all = Array(text.utf8)
    for length in [all.count / 3, all.count / 2, all.count] {
        let shown = all[..<reader.settledLength(Array(all[..<length]))]
        precondition(Array(content.utf8).starts(with: shown), "a stream shows what is no part of the text")
    }
    precondition(calls.allSatisfy { $0.name == "f" }, "a function is called that is not there")
}
