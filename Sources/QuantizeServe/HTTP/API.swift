import HTTPTypes
import Hummingbird
import JSONFiles
import NIOCore
import ParallelWork
import Quantization
import QuantizeKit
import Rasters
import ServeCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The routes below /api, and /health: they only translate.
struct API: Sendable {
  /// The most bytes of a body that is no picture.
  private static let mostJSON = 256 << 10

  private let limits: ServiceLimits
  private let shelf: PictureShelf
  private let queue: WorkQueue
  private let uploads: UploadBudget
  private let exporter: Exporter

  init(_ limits: ServiceLimits, _ settings: ServeSettings) {
    self.limits = limits
    shelf = PictureShelf(limits)
    queue = WorkQueue(limits)
    uploads = UploadBudget(limits)
    exporter = Exporter(
      command: settings.command, pixels: limits.pixels)
  }

  /// Forgets pictures that nobody asks for.
  func tidyForever() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(20))
      await shelf.tidy()
    }
  }

  /// Adds the routes.
  func addRoutes(to router: Router<ServedContext>) {
    router.get("/health") { _, _ in
      Self.answer(
        Health(
          images: await shelf.count, running: await queue.running,
          waiting: await queue.waiting, bytes: await shelf.memory))
    }
    router.get("/api") { _, _ in Self.answer(About(limits)) }
    router.post("/api/images", use: upload)
    router.post("/api/palettes") { [limits] request, _ in
      let name =
        request.uri.queryParameters["name"].map(String.init) ?? "palette"
      let buffer = try await Self.collected(request, PaletteAnswer.mostBytes).0
      return Self.answer(
        try PaletteAnswer(
          name: name, bytes: Array(buffer.readableBytesView), limits))
    }
    router.delete("/api/images/:image") { request, context in
      await shelf.remove(try context.parameters.require("image"))
      return Response(status: .noContent)
    }
    router.get("/api/images/:image/pixels") { request, context in
      let picture = try await picture(context)
      let reduced = request.uri.queryParameters["reduced"] == "true"
      return Self.answer(try picture.raster(reduced: reduced), context)
    }
    router.get("/api/images/:image/cloud") { request, context in
      let picture = try await picture(context)
      let query = request.uri.queryParameters
      let cloud = try ColorCloud(
        of: picture, space: query["space"].map(String.init) ?? "oklab",
        limit: query["limit"].map { Int($0) ?? 0 } ?? 4_000)
      return Self.answer(cloud)
    }
    router.post("/api/images/:image/fits", use: fit)
    router.post("/api/images/:image/curves", use: curve)
    router.post("/api/images/:image/exports", use: export)
    let fits = "/api/images/:image/fits/:fit"
    router.get("\(fits)/labels") { _, context in
      let fit = try await self.fit(context)
      return Self.answer(
        (fit.labels, fit.size.width, fit.size.height), context)
    }
    router.get("\(fits)/at") { request, context in
      let picture = try await picture(context)
      let fit = try picture.fit(try context.parameters.require("fit"))
      let query = request.uri.queryParameters
      guard let x = query["x"].flatMap({ Int($0) }),
        let y = query["y"].flatMap({ Int($0) })
      else { throw ServiceError(400, "x and y must be whole numbers") }
      return Self.answer(
        try await queue.run { threads in
          try fit.pixel(x: x, y: y, of: picture, threads: threads)
        })
    }
    router.get("\(fits)/mask") { request, context in
      let fit = try await self.fit(context)
      let entry = request.uri.queryParameters["entry"].flatMap { Int($0) }
      guard let entry else {
        throw ServiceError(400, "entry must be the number of a palette colour")
      }
      let levels = try await queue.run { threads in
        try fit.mask(ofEntry: entry, threads: threads)
      }
      return Self.answer(
        (levels, fit.size.width, fit.size.height), context)
    }
    router.get("\(fits)/uncertainty") { request, context in
      let fit = try await self.fit(context)
      let (levels, most) = try await queue.run { threads in
        try fit.uncertainty(threads: threads)
      }
      var response = Self.answer(
        (levels, fit.size.width, fit.size.height), context)
      response.headers[Guardian.name("x-most")] = "\(most)"
      return response
    }
    router.post("\(fits)/recolor", use: recolor)
  }

  // MARK: Routes

  @Sendable private func upload(
    _ request: Request, _ context: ServedContext
  ) async throws -> Response {
    let name =
      request.uri.queryParameters["name"].map(String.init) ?? "picture"
    if let length = request.headers[.contentLength].flatMap({ Int($0) }),
      length > limits.uploadBytes
    {
      throw tooLarge
    }
    let (limits, queue) = (limits, queue)
    let picture = try await uploads.collecting(request.body) { bytes in
      guard !bytes.isEmpty else {
        throw ServiceError(400, "the body is empty; send the bytes of an image")
      }
      return try await queue.run { threads in
        try OpenPicture(name: name, bytes: bytes, limits, threads: threads)
      }
    }
    let id = try await shelf.add(picture)
    var response = Self.answer(PictureAnswer(id, picture))
    response.status = .created
    return response
  }

  private var tooLarge: ServiceError {
    ServiceError(
      413,
      "the file has more than the \(limits.uploadBytes >> 20) MiB that the "
        + "server takes")
  }

  @Sendable private func fit(
    _ request: Request, _ context: ServedContext
  ) async throws -> Response {
    let id: String = try context.parameters.require("image")
    let picture = try await shelf.picture(id)
    let (options, watched) = try await Self.body(FitRequest.self, of: request)
    let fit = try await watched.run {
      try await queue.run { threads in
        try PictureFit(options, of: picture, threads: threads)
      }
    }
    var answer = fit.answer
    answer.id = picture.keep(fit)
    await shelf.tidy(keeping: id)
    return Self.answer(answer)
  }

  @Sendable private func recolor(
    _ request: Request, _ context: ServedContext
  ) async throws -> Response {
    let picture = try await picture(context)
    let fit = try picture.fit(try context.parameters.require("fit"))
    let (moves, watched) = try await Self.body(
      RecolorRequest.self, of: request)
    return Self.answer(
      try await watched.run {
        try await queue.run { threads in
          try fit.recolored(moves, of: picture, threads: threads)
        }
      }, context)
  }

  @Sendable private func curve(
    _ request: Request, _ context: ServedContext
  ) async throws -> Response {
    let picture = try await picture(context)
    let (both, watched) = try await Self.body(
      Both<FitCurve.Request>.self, of: request)
    let curve = try FitCurve(both.own, both.fit)
    let queue = queue
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson"],
      body: .init { writer in
        // One task watches the client and fits, the other writes.
        let (lines, source) = AsyncThrowingStream<ByteBuffer, any Error>
          .makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            do {
              try await watched.run {
                var curve = curve
                for value in curve.values {
                  let options = try curve.options(value)
                  let fit = try await queue.run { threads in
                    try PictureFit(options, of: picture, threads: threads)
                  }
                  source.yield(Self.json(curve.add(value, fit)))
                }
                source.yield(Self.json(curve.end))
              }
              source.finish()
            } catch let error as ServiceError {
              // The status is sent already.
              source.yield(Self.json(["error": error.message]))
              source.finish()
            } catch {
              source.finish(throwing: error)
            }
          }
          for try await line in lines { try await writer.write(line) }
        }
        try await writer.finish(nil)
      })
  }

  @Sendable private func export(
    _ request: Request, _ context: ServedContext
  ) async throws -> Response {
    let picture = try await picture(context)
    let (both, watched) = try await Self.body(
      Both<ExportPlan.Request>.self, of: request)
    let plan = try ExportPlan(both.own, both.fit, of: picture)
    guard both.own.ditto == nil else {
      return Self.answer(["command": plan.command])
    }
    let (exporter, queue) = (exporter, queue)
    let bytes = try await watched.run {
      try await queue.turn { threads in
        try await exporter.file(plan, of: picture, threads: threads)
      }
    }
    let name = PercentEncoding.encoded(plan.fileName)
    return Response(
      status: .ok,
      headers: [
        .contentType: plan.kind.mediaType,
        .contentDisposition: "attachment; filename*=UTF-8''\(name)",
        Guardian.name("x-command"): PercentEncoding.encoded(plan.command),
      ], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  // MARK: Translation

  private func picture(
    _ context: ServedContext
  ) async throws -> OpenPicture {
    try await shelf.picture(try context.parameters.require("image"))
  }

  private func fit(_ context: ServedContext) async throws -> PictureFit {
    try await picture(context).fit(try context.parameters.require("fit"))
  }

  /// Options of a fit, with what else the request is for, in one object.
  private struct Both<Own: Decodable & Sendable>: Decodable, Sendable {
    let fit: FitRequest
    let own: Own

    init(from decoder: any Decoder) throws {
      fit = try FitRequest(from: decoder)
      own = try Own(from: decoder)
    }
  }

  /// Reads a body of JSON.
  ///
  /// - Returns: What it says, and what ends work when the client goes away.
  private static func body<Value: Decodable & Sendable>(
    _ type: Value.Type, of request: Request
  ) async throws -> (Value, WatchedRequest) {
    let (buffer, request) = try await collected(request, mostJSON)
    let value = try FitRequest.decode(
      type, from: Array(buffer.readableBytesView))
    return (value, WatchedRequest(request))
  }

  /// Reads a body of at most so many bytes.
  private static func collected(
    _ request: Request, _ most: Int
  ) async throws -> (ByteBuffer, Request) {
    var request = request
    do {
      return (try await request.collectBody(upTo: most), request)
    } catch is NIOTooManyBytesError {
      throw ServiceError(413, "the request has more than \(most) bytes")
    }
  }

  static func json(_ value: some Encodable) -> ByteBuffer {
    ByteBuffer(bytes: JSONFile.line(value))
  }

  private static func answer(_ value: some Encodable) -> Response {
    Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: .init(byteBuffer: json(value)))
  }

  private static func answer(
    _ picture: (samples: [UInt8], width: Int, height: Int),
    _ context: ServedContext
  ) -> Response {
    answer(
      picture.width, picture.height, bytesOfPixel: 1, context
    ) { Array(picture.samples[$0]) }
  }

  private static func answer(
    _ raster: Raster, _ context: ServedContext
  ) -> Response {
    answer(
      raster.size.width, raster.size.height, bytesOfPixel: 4, context,
      raster.rgba)
  }

  /// The pixels of an answer that are made at once.
  private static let piece = 65_536

  /// An answer that is made as its client reads it.
  private static func answer(
    _ width: Int, _ height: Int, bytesOfPixel: Int,
    _ context: ServedContext,
    _ bytes: @escaping @Sendable (Range<Int>) -> [UInt8]
  ) -> Response {
    let count = width * height
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/octet-stream",
        Guardian.name("x-width"): "\(width)",
        Guardian.name("x-height"): "\(height)",
      ],
      body: .init(contentLength: count * bytesOfPixel) { writer in
        for start in stride(from: 0, to: count, by: piece) {
          let range = start..<min(count, start + piece)
          try await writer.write(ByteBuffer(bytes: bytes(range)))
          try await context.handOver()
        }
        try await writer.finish(nil)
      })
  }
}
