import Foundation
import ImageFormats
import QuantizeKit
import SystemPackage
import Testing

/// Which files a batch reads, and where their outputs go.
@Suite struct BatchSourcesTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private func sources(
    _ paths: String..., listed: [FilePath] = [], recursive: Bool = false,
    output: String = "out", format: OutputFormat = .png
  ) -> BatchSources {
    BatchSources(
      paths: paths.map(folder.path), listed: listed, isRecursive: recursive,
      output: folder.path(output), format: format)
  }

  /// Inputs and outputs, without the folder.
  private func pairs(_ selection: BatchSelection) -> [String] {
    selection.items.map { item in
      [item.input, item.output].map {
        $0.string.replacingOccurrences(of: folder.url.path + "/", with: "")
      }.joined(separator: " > ")
    }
  }

  @Test func foldersAreInOrderOfNamesAndKeepTheirTree() throws {
    try folder.writeImage("in/b.png")
    try folder.writeImage("in/a")
    try folder.writeImage("in/sub/deep/c.png")
    try folder.writeImage("in/.hidden.png")
    try folder.writeImage("in/.\u{301}hidden.png")
    try folder.writeImage("in/.git/d.png")
    #expect(
      pairs(try sources("in").select())
        == ["in/a > out/a.png", "in/b.png > out/b.png"])
    #expect(
      pairs(try sources("in", recursive: true, format: .jpeg).select())
        == [
          "in/a > out/a.jpg", "in/b.png > out/b.jpg",
          "in/sub/deep/c.png > out/sub/deep/c.jpg",
        ])
  }

  @Test func contentSaysWhatIsAnImage() throws {
    try folder.writeImage("in/photo.txt")
    try folder.write(Array("words".utf8), to: "in/notes.md")
    try folder.write(Array("words".utf8), to: "in/words.png")
    try folder.write([], to: "in/empty.jpg")
    let selection = try sources("in").select()
    #expect(pairs(selection) == ["in/photo.txt > out/photo.png"])
    #expect(selection.skipped.map(\.path) == [folder.path("in/notes.md")])
    #expect(
      selection.failures.map(\.error) == [
        .decode(.file(folder.path("in/empty.jpg")), .empty),
        .decode(.file(folder.path("in/words.png")), .notAnImage(.text)),
      ])
  }

  @Test func patternsAreForNamesThatAreNot() throws {
    for name in ["a1.png", "a2.png", "b1.png", "a[12].png"] {
      try folder.writeImage("in/\(name)")
    }
    #expect(
      pairs(try sources("in/a?.png").select())
        == ["in/a1.png > out/a1.png", "in/a2.png > out/a2.png"])
    // A file of that name is that file.
    #expect(
      pairs(try sources("in/a[12].png").select())
        == ["in/a[12].png > out/a[12].png"])
    let none = try sources("in/z*.png").select()
    #expect(none.items.isEmpty)
    #expect(none.failures.count == 1)
    #expect(
      none.failures.first?.message.contains("there is no such file") == true)
  }

  @Test func loopsAndLinksAreReadOnce() throws {
    try folder.writeImage("in/a.png")
    try folder.makeFolder("in/sub")
    try folder.link("in/sub/up", to: "..")
    try folder.link("in/self", to: "self")
    try folder.link("in/z.png", to: "a.png")
    try folder.link("in/broken.png", to: "nothing")
    let selection = try sources(
      "in", "in/a.png", "in", recursive: true
    ).select()
    #expect(pairs(selection) == ["in/a.png > out/a.png"])
    #expect(
      selection.skipped.map(\.path)
        == [folder.path("in/a.png"), folder.path("in/sub/up")])
    #expect(
      selection.links == [
        BatchLink(
          input: folder.path("in/z.png"), output: folder.path("out/z.png"),
          target: folder.path("out/a.png"))
      ])
    #expect(selection.failures.count == 2, "\(selection.failures)")
  }

  @Test func outputsNeverCollide() throws {
    try folder.writeImage("in/a.png")
    try folder.writeImage("in/a.jpeg")
    try folder.writeImage("other/a.png")
    let selection = try sources("in", "other").select()
    #expect(pairs(selection) == ["in/a.jpeg > out/a.png"])
    #expect(selection.failures.count == 2)
    for failure in selection.failures {
      #expect(failure.message.contains("as that of"))
    }
  }

  @Test func theOutputFolderIsNoInput() throws {
    try folder.writeImage("in/a.png")
    try folder.writeImage("in/out/a.png")
    #expect(
      pairs(try sources("in", recursive: true, output: "in/out").select())
        == ["in/a.png > in/out/a.png"])
    #expect(throws: QuantizeError.self) {
      try sources("in/out", output: "in/out").select()
    }
    // Its own file by another way.
    try folder.link("way", to: "in")
    let selection = try sources("in/a.png", output: "way").select()
    #expect(selection.items.isEmpty)
    #expect(
      selection.failures.first?.message.contains("is the input") == true)
  }

  @Test func listsKeepRelativeFolders() throws {
    try folder.writeImage("in/sub/a.png")
    let selection = try sources(
      listed: [folder.path("in/sub/a.png"), folder.path("in/sub")]
    ).select()
    // Absolute ones have none.
    #expect(pairs(selection) == ["in/sub/a.png > out/a.png"])
  }
}
