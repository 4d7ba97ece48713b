import HummingbirdCore
import NIOCore
import ServeCore

/// The memory of uploads under way: each may have so many bytes and so much time, and
/// all together no more than pictures may.
actor UploadBudget {
  private let limits: ServiceLimits
  private var bytes = 0

  /// The time for an upload.
  private static let time = Duration.seconds(120)

  init(_ limits: ServiceLimits) {
    self.limits = limits
  }

  /// Reads a body, and uses it: until then it counts.
  ///
  /// - Throws: `ServiceError` where it is too large, too slow, or too many are, and
  ///   what `use` throws.
  nonisolated func collecting<Result: Sendable>(
    _ body: RequestBody,
    _ use: @Sendable ([UInt8]) async throws -> Result
  ) async throws -> Result {
    let bytes = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      group.addTask { try await self.read(body) }
      group.addTask {
        try await Task.sleep(for: Self.time)
        throw ServiceError(408, "the upload takes too long")
      }
      defer { group.cancelAll() }
      return try await group.next() ?? []
    }
    do {
      let result = try await use(bytes)
      await give(bytes.count)
      return result
    } catch {
      await give(bytes.count)
      throw error
    }
  }

  private nonisolated func read(_ body: RequestBody) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    do {
      for try await part in body {
        guard bytes.count + part.readableBytes <= limits.uploadBytes else {
          throw ServiceError(
            413,
            "the file has more than the \(limits.uploadBytes >> 20) MiB that "
              + "the server takes")
        }
        try await take(part.readableBytes)
        bytes.append(contentsOf: part.readableBytesView)
      }
    } catch {
      await give(bytes.count)
      throw error
    }
    return bytes
  }

  private func take(_ count: Int) throws {
    guard bytes + count <= limits.memory else {
      throw ServiceError(
        503, "too many files are being uploaded; try again in a moment")
    }
    bytes += count
  }

  private func give(_ count: Int) { bytes -= count }
}
