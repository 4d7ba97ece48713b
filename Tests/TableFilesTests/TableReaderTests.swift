import SoftFormats
import TableFiles
import Testing

/// Tables, from bytes to numbers.
@Suite struct TableReaderTests {
  private func read(
    _ text: String, _ columns: String? = nil, header: Bool? = nil
  ) throws -> Table {
    try TableReader.read(
      Array(text.utf8),
      columns: columns.map { try #require(ColumnChoice.list($0)) } ?? [],
      header: header)
  }

  /// The same numbers in every spelling.
  @Test(arguments: [
    "1,2.5\n-3,4e2\n", "1,2.5\r\n-3,400\r\n", "1\t2.5\n-3\t400",
    "1 2.5\n  -3   400\n", "1;2,5\n-3;400\n", "1; 2.5 \n -3;4e2",
    "# a comment\n\n1,2.5\n\n-3,400\n\n", "\u{feff}1,2.5\n-3,400\n",
    "\"1\",\"2.5\"\n\"-3\",400\n", "1,2.5\r-3,400\r",
    "# 5\" pipe\n1,2.5\n# 6\" pipe, \"\n-3,400\n",
  ])
  func readsSeparators(text: String) throws {
    let table = try read(text)
    #expect(table.rows == 2 && table.columns == 2)
    #expect(table.values == [1, 2.5, -3, 400])
    #expect(table.names == nil)
  }

  @Test func readsNames() throws {
    let table = try read("x,\"a \"\"b\"\", c\"\n1,2\n3,4\n")
    #expect(table.names == ["x", "a \"b\", c"])
    #expect(table.values == [1, 2, 3, 4])
    let quoted = try read("\"two\nlines\",y\n1,2\n")
    #expect(quoted.names == ["two\nlines", "y"])
  }

  @Test func choosesColumns() throws {
    let text = "name,x,y,z\nfirst,1,2,3\nsecond,4,5,6\n"
    #expect(try read(text, "x,z").values == [1, 3, 4, 6])
    #expect(try read(text, "2-4").names == ["x", "y", "z"])
    #expect(try read(text, "4,2").values == [3, 1, 6, 4])
    // Without names, text in columns that are not asked for does not matter.
    #expect(
      try read("a,1,2\nb,3,4\n", "2, 3", header: false).values
        == [1, 2, 3, 4])
    // Names come before numbers, also those that look like ranges.
    let years = "id,2019,2019-2020\na,1,2\nb,3,4\n"
    #expect(try read(years, "2019", header: true).values == [1, 3])
    #expect(try read(years, "2019-2020", header: true).values == [2, 4])
    #expect(try read(years, "2-3", header: true).values == [1, 2, 3, 4])
    #expect(throws: TableError.noColumn("w", columns: 4)) {
      try read(text, "w")
    }
    #expect(throws: TableError.noColumn("2-5", columns: 4)) {
      try read(text, "2-5")
    }
    #expect(throws: TableError.noColumn("3-2", columns: 4)) {
      try read(text, "3-2")
    }
    for list in ["", "1,,2", " "] { #expect(ColumnChoice.list(list) == nil) }
  }

  /// A first line with both may be a header or lack a number: it is asked for.
  @Test func asksWhetherALineIsAHeader() throws {
    for text in ["id,2019\na,1\n", "1,NA,3\n4,5,6\n", "1,,3\n4,5,6\n"] {
      #expect(throws: TableError.mixedHeader(line: 1)) { try read(text) }
    }
    #expect(try read("2019,2020\n1,2\n", header: true).values == [1, 2])
    #expect(
      throws: TableError.notANumber(line: 1, column: 2, text: "“NA”")
    ) {
      try read("1,NA,3\n4,5,6\n", header: false)
    }
    let names = try TableReader.names(Array("x,\"y;z\"\n1,2\n".utf8))
    #expect(names == ["x", "y;z"])
  }

  /// Quotes within fields and comments are letters, and separators within quotes
  /// separate nothing.
  @Test func quotesOpenAtTheBeginningOfAField() throws {
    let pipes = try read("a,b\n5\" pipe,2\nx,3\n6\" pipe,4\n", "b")
    #expect(pipes.values == [2, 3, 4])
    #expect(try read("\"a;b\",c\n1,2\n3,4\n").values == [1, 2, 3, 4])
    // An empty last field of a table with tabs is a field.
    let tabs = try read("x\ty\tl\n1\t2\ta\n3\t4\t\n", "1,2")
    #expect(tabs.values == [1, 2, 3, 4])
  }

  @Test func refusesOtherTexts() throws {
    for bytes: [UInt8] in [
      [0xff, 0xfe, 0x31, 0, 0x2c, 0, 0x32, 0], Array("1,2\n3,\04\n".utf8),
      [0x1f, 0x8b, 8, 0],
    ] {
      #expect(throws: TableError.self) { try TableReader.read(bytes) }
    }
  }

  @Test func saysWhereAFileIsWrong() throws {
    let cases: [(String, TableError)] = [
      ("", .empty), ("\n\n# nothing\n", .empty), ("x,y\n", .empty),
      ("1,2\n3\n", .ragged(line: 2, fields: 1, expected: 2)),
      ("1,2\n3,4,5\n", .ragged(line: 2, fields: 3, expected: 2)),
      ("1,2\n3,four\n", .notANumber(line: 2, column: 2, text: "“four”")),
      ("1,2\n3,\n", .notANumber(line: 2, column: 2, text: "an empty field")),
      ("1,2\n0x10,4\n", .notANumber(line: 2, column: 1, text: "“0x10”")),
      ("1,2\n\"3,4\n", .openQuote(line: 2)),
    ]
    for (text, error) in cases {
      #expect(throws: error) { try read(text) }
      #expect(!error.message.contains("\n"))
    }
    #expect(throws: TableError.self) { try read("1,2\nnan,3\n") }
    #expect(throws: TableError.notFinite(row: 1, column: 2, .infinity)) {
      try read("1,inf\n2,3\n")
    }
  }

  // MARK: Arrays

  private func array(
    _ type: String, _ shape: [Int], _ bytes: [UInt8], fortran: Bool = false
  ) -> [UInt8] {
    let header = NumPyArray.header(type, shape)
    guard fortran else { return header + bytes }
    // The words have one letter less.
    let text = String(decoding: header.dropFirst(10), as: UTF8.self)
      .replacing("False", with: "True ")
    return Array(header.prefix(10)) + Array(text.utf8) + bytes
  }

  private func bytes<Number>(_ numbers: [Number]) -> [UInt8] {
    numbers.withUnsafeBytes { Array($0) }
  }

  @Test func readsArrays() throws {
    let rows = [1.0, 2, 3, 4, 5, 6]
    let plain = try TableReader.read(NumPyArray.file(rows, [3, 2]))
    #expect(plain.values == rows && plain.columns == 2 && plain.rows == 3)
    let column = try TableReader.read(NumPyArray.file(rows, [6]))
    #expect(column.columns == 1 && column.values == rows)
    let whole: [(String, [UInt8])] = [
      ("<f4", bytes(rows.map { Float($0) })),
      ("<i4", bytes(rows.map { Int32($0) })),
      (">i2", bytes(rows.map { Int16($0).bigEndian })),
      ("|u1", bytes(rows.map { UInt8($0) })),
      ("<i8", bytes(rows.map { Int($0) })),
    ]
    for (type, data) in whole {
      #expect(try TableReader.read(array(type, [3, 2], data)).values == rows)
    }
    let turned = array("<f8", [2, 3], bytes(rows), fortran: true)
    #expect(try TableReader.read(turned).values == [1, 3, 5, 2, 4, 6])
    // Doubles keep all digits.
    let fine = [0.1, 1e300, 1 / 3.0, -Double.leastNonzeroMagnitude]
    #expect(
      try TableReader.read(NumPyArray.file(fine, [2, 2])).values == fine)
    let some = try TableReader.read(
      NumPyArray.file(rows, [2, 3]), columns: [ColumnChoice("2-3")])
    #expect(some.values == [2, 3, 5, 6])
  }

  @Test func refusesWhatIsNoTable() throws {
    #expect(throws: TableError.axes(3)) {
      try TableReader.read(NumPyArray.file([1.0, 2, 3, 4], [1, 2, 2]))
    }
    #expect(throws: TableError.empty) {
      try TableReader.read(NumPyArray.file([Double](), [0, 3]))
    }
    #expect(throws: TableError.notFinite(row: 2, column: 1, .infinity)) {
      try TableReader.read(
        NumPyArray.file([1, 2, Double.infinity, 4], [2, 2]))
    }
    let cut = Array(NumPyArray.file([1.0, 2, 3, 4], [2, 2]).dropLast())
    #expect(throws: TableError.self) { try TableReader.read(cut) }
    for shape in [[1 << 40, 1 << 40], [1 << 32, 1 << 32, 0]] {
      for fortran in [false, true] {
        let huge = array("<f8", shape, [], fortran: fortran)
        #expect(throws: TableError.self) { try TableReader.read(huge) }
      }
    }
    #expect(throws: TableError.self) {
      try TableReader.read(array("<c8", [1, 2], bytes([1.0, 2.0])))
    }
  }
}
