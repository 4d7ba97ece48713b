import Foundation
import ImageFormats
import Quantization
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// Inputs that change between the passes over them.
@Suite struct StreamedFileTests {
  /// How an input is changed.
  enum Change: CaseIterable {
    /// Other pixels in a file of the same size and date.
    case secretly

    /// The same bytes once more, at another time.
    case touched

    /// Cut short.
    case shortened

    /// Another file under its name: the old one is still read.
    case replaced

    case removed
  }

  @Test(arguments: Change.allCases)
  func findsOutThatAnInputChanges(change: Change) throws {
    let folder = try ScratchFolder()
    let input = folder.url("a.png")
    func image(_ shade: Int) throws -> Data {
      let raster = TestRasters.make(width: 1_500, height: 800) { x, y in
        UInt32((x / 3 & 255) << 16 | (y & 255) << 8 | shade)
      }
      return Data(
        try PNGEncoder(compressionLevel: 0).encode(raster))
    }
    try image(7).write(to: input)
    let date = try #require(
      FileManager.default.attributesOfItem(atPath: input.path)[
        .modificationDate] as? Date)
    var job = QuantizeJob(
      input: FileLocation(argument: input.path),
      output: FileLocation(
        argument: folder.url("b.png").path),
      options: QuantizeOptions(
        start: .search(try PaletteSize(4)), truncation: .hard))
    job.memory = 1 << 10
    var isChanged = false
    func run() throws(QuantizeError) {
      _ = try job.run(events: { event in
        guard case .strip(let progress) = event, progress.pass == .writing,
          !isChanged
        else { return }
        isChanged = true
        do {
          try Self.make(change, of: input, image(8), date)
        } catch {
          Issue.record(error)
        }
      })
    }
    switch change {
    case .replaced, .removed:
      try run()
      #expect(try names(in: folder).contains("b.png"))
    case .secretly, .touched, .shortened:
      #expect(throws: QuantizeError.inputChanged(job.input)) { try run() }
      #expect(try names(in: folder) == ["a.png"])
    }
    #expect(isChanged)
  }

  private func names(in folder: ScratchFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
  }

  private static func make(
    _ change: Change, of file: URL, _ other: Data, _ date: Date
  ) throws {
    switch change {
    case .secretly, .touched:
      let bytes = change == .touched ? try Data(contentsOf: file) : other
      let handle = try FileHandle(forWritingTo: file)
      try handle.write(contentsOf: bytes)
      try handle.close()
      if change == .secretly {
        try FileManager.default.setAttributes(
          [.modificationDate: date], ofItemAtPath: file.path)
      }
    case .shortened:
      let handle = try FileHandle(forWritingTo: file)
      try handle.truncate(atOffset: 600_000)
      try handle.close()
    case .replaced: try other.write(to: file, options: .atomic)
    case .removed: try FileManager.default.removeItem(at: file)
    }
  }
}
