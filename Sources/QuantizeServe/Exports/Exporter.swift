import CLibrary
import QuantizeKit
import ServeCore
import Subprocess
import SystemPackage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Makes files with the command itself, so that they are what its user gets.
struct Exporter: Sendable {
  let command: String
  let pixels: Int

  /// The most characters of a message.
  private static let mostText = 16 << 10

  /// Makes a file. The process ends when the task is cancelled.
  ///
  /// - Throws: `ServiceError` with the command's own message.
  func file(
    _ plan: ExportPlan, of picture: OpenPicture, threads: Int
  ) async throws -> [UInt8] {
    let folder = try ExportFolder()
    let path = FilePath(folder.path)
    func write(_ name: String, _ bytes: [UInt8]) throws {
      guard let component = FilePath.Component(name), component.kind == .regular
      else {
        throw ServiceError(400, "a picture of this name cannot be exported")
      }
      try Data(bytes).write(
        to: URL(fileURLWithPath: path.appending(component).string))
    }
    try write(picture.name, picture.bytes)
    for file in plan.files { try write(file.name, file.bytes) }
    // Options that change no byte of the file.
    let extra = [
      "--quiet", "--threads", "\(threads)", "--max-pixels", "\(pixels)",
    ]
    // Its input ends when this process does, even if that is killed.
    let (input, end) = try FileDescriptor.pipe()
    defer { try? end.close() }
    // No other process keeps it open.
    _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC)
    let result = try await Subprocess.run(
      .path(FilePath(command)), arguments: Arguments(plan.arguments + extra),
      environment: .inherit.updating([
        "TMPDIR": folder.path,
        .init(stringLiteral: ServeSettings.endsWithInput): "1",
      ]),
      workingDirectory: path,
      input: .fileDescriptor(input, closeAfterSpawningProcess: true),
      output: .discarded, error: .string(limit: Self.mostText))
    guard result.terminationStatus.isSuccess else {
      try Task.checkCancellation()
      throw ServiceError(422, Self.message(result.standardError))
    }
    let output = URL(fileURLWithPath: folder.path)
      .appendingPathComponent(plan.output)
    return Array(try Data(contentsOf: output))
  }

  /// The command's message, without its name.
  private static func message(_ text: String) -> String {
    let prefix = "quantize: error: "
    let line = text.split(separator: "\n").last { $0.hasPrefix(prefix) }
    return line.map { String($0.dropFirst(prefix.count)) }
      ?? "the file could not be made"
  }
}
