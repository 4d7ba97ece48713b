import Foundation
import SoftFormats
import Testing

@Suite struct SoftFormatTests {
  @Test(arguments: [
    ("a.npz", SoftFormat.npz), ("b/a.EXR", .exr), ("a.b.ora", .ora),
    ("a.tif", .tiff), ("a.TIFF", .tiff), ("masks/", .folder),
    ("a.npz/", .folder),
  ])
  func followsTheEnding(_ name: String, _ format: SoftFormat) {
    #expect(SoftFormat(name: name) == format)
  }

  @Test(arguments: ["", "masks", "a.png", ".npz", "a.npz.gz", "b.npz/a"])
  func otherEndingsAreNone(_ name: String) {
    #expect(SoftFormat(name: name) == nil)
  }

  @Test func messagesListThem() {
    #expect(SoftFormat.endings.hasPrefix(".npz, .exr, .ora, .tif"))
    for format in SoftFormat.allCases {
      #expect(SoftFormat.endings.contains(format.label))
      #expect(
        SoftFormat.streamed.contains(format.label) == format.isStreamed)
      guard !format.isFolder else { continue }
      #expect(SoftFormat(name: "a\(format.label)") == format)
    }
    #expect(SoftFormat.allCases.filter(\.isFolder) == [.folder])
  }

  /// A format either takes a depth, or says which ones it has and leaves no
  /// file.
  @Test(arguments: SoftFormat.allCases, SampleDepth.allCases)
  func depthsAreTakenOrRefused(format: SoftFormat, depth: SampleDepth) throws {
    let image = try SoftSamples.image(SoftSamples.opaque, components: 3)
    try SoftSamples.withPath("out") { path in
      if format.isFolder {
        try FileManager.default.createDirectory(
          atPath: path.string, withIntermediateDirectories: false)
      }
      guard format.depths.count == 1 || format.depths.contains(depth) else {
        #expect(throws: SoftFormatError.depth(format, depth)) {
          try format.write(image, to: path, depth: depth)
        }
        return
      }
      try format.write(image, to: path, depth: depth)
      #expect(FileManager.default.fileExists(atPath: path.string))
    }
  }

  @Test func depthsAreNamed() throws {
    #expect(
      SoftFormatError.depth(.tiff, .eight).message
        == ".tif holds 16 or 32 bits per sample, not 8")
    #expect(
      SoftFormatError.depth(.folder, .float).message
        == "a folder/ holds 8 or 16 bits per sample, not 32")
    #expect(throws: SoftFormatError.depth(.ora, .float)) {
      try SoftFormat.ora.check(.float)
    }
    #expect(SoftFormat.ora.defaultDepth == .eight)
    #expect(SoftFormat.folder.defaultDepth == .sixteen)
  }

  /// The bytes are the writer's, with the depth that it prefers.
  @Test(arguments: SoftFormat.allCases.filter { !$0.isFolder })
  func writesWhatTheWriterWrites(format: SoftFormat) throws {
    let image = try SoftSamples.image(SoftSamples.opaque, components: 3)
    let files = try [nil, format.defaultDepth].map { depth in
      try SoftSamples.withPath("out") { path in
        try format.write(image, to: path, depth: depth)
        return try SoftSamples.bytes(path)
      }
    }
    #expect(files[0] == files[1] && !files[0].isEmpty)
  }
}
