import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import TemperCore

/// Responses of the server.
enum Answer {
    static func json(_ value: JSONValue, status: Int = 200, headers: HTTPFields = HTTPFields()) -> Response {
        text(JSONWriter.bytes(value), type: "application/json", status: status, headers: headers)
    }

    static func text(
        _ bytes: [UInt8], type: String, status: Int = 200, headers: HTTPFields = HTTPFields()
    ) -> Response {
        var headers = headers
        headers[.contentType] = type
        return Response(
            status: HTTPResponse.Status(code: status), headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func error(_ error: APIError) -> Response {
        var headers = HTTPFields()
        headers[.retryAfter] = error.retryAfter.map(String.init)
        if error.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
        // The rest of a body that came too slowly is not awaited.
        if error.status == 408 || error.code == "invalid_body" { headers[.connection] = "close" }
        return json(error.json, status: error.status, headers: headers)
    }

    /// An event of a stream.
    static func event(_ value: JSONValue) -> ByteBuffer {
        ByteBuffer(bytes: Array("data: ".utf8) + JSONWriter.bytes(value) + Array("\n\n".utf8))
    }

    static let lastEvent = ByteBuffer(string: "data: [DONE]\n\n")
}
