import Foundation
package import TemperCore
import TemperTransformer

/// This machine's CPU: the one engine that needs nothing beside Temper.
package struct NativeEngine: TrainingEngine {
    package let name = "native"
    package let summary = "this machine's CPU, no Python: Llama, Mistral and Qwen decoders, all weights or an adapter"

    package init() {}

    package var options: any Configurable.Type { NativeOptions.self }

    /// Cores, and how they multiply.
    package static var machine: String {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let products =
            Precision.hasFastBFloat16 ? "bf16 products with fp32 sums" : "fp32 products (this CPU has no bf16 instructions)"
        return "\(cores) cores, \(products)"
    }

    package func check() async throws -> String { Self.machine }

    package func check(_ setup: TrainingSetup) throws {
        let options: NativeOptions = try setup.engineOptions(of: self)
        try options.precision.requireAvailable()
        do {
            let configuration = try ModelConfiguration(contentsOf: setup.base.appendingPathComponent("config.json"))
            if case .lora(let lowRank) = setup.tuning { try lowRank.adapter.requireTargets(in: configuration) }
        } catch let error as TemperError where error.boundary == .recipe {
            throw TemperError(error.code, "'train.tuning.lora': \(error.message)", hint: error.hint, boundary: .recipe)
        } catch let error as TemperError {
            throw TemperError(
                error.code, "'train.base': \(error.message)", hint: error.hint, place: error.place, boundary: .recipe,
                cause: error)
        }
    }

    package func train(_ job: TrainingJob, onEvent: (TrainingEvent) throws -> Void) async throws -> TrainedModel {
        let heldOut = job.dataset.appendingPathComponent("held_out.safetensors")
        var native = NativeJob(
            base: .folder(job.setup.base), output: job.output, plan: job.setup.plan,
            heldOut: FileManager.default.fileExists(atPath: heldOut.path) ? try TokenDataset(contentsOf: heldOut) : nil)
        native.baseName = job.setup.baseName
        native.tuning = job.setup.tuning
        native.options = try job.setup.engineOptions(of: self)
        let dataset = try TokenDataset(contentsOf: job.dataset.appendingPathComponent("tokens.safetensors"))
        try onEvent(.finished(TrainLoop.run(native, dataset: dataset, onEvent: onEvent)))
        return .folder(job.output.path)
    }
}
