/// Elements of which the least can be taken.
struct BinaryHeap<Element: Comparable> {
  private var elements: [Element]

  /// Orders some elements.
  ///
  /// - Complexity: O(elements).
  init(_ elements: [Element] = []) {
    self.elements = elements
    for place in stride(from: elements.count / 2 - 1, through: 0, by: -1) {
      sink(place)
    }
  }

  /// The least, if there is one.
  var least: Element? { elements.first }

  /// Adds an element.
  ///
  /// - Complexity: O(log elements).
  mutating func insert(_ element: Element) {
    elements.append(element)
    var place = elements.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard elements[place] < elements[parent] else { return }
      elements.swapAt(place, parent)
      place = parent
    }
  }

  /// Takes the least.
  ///
  /// - Complexity: O(log elements).
  mutating func popLeast() -> Element? {
    guard let last = elements.popLast() else { return nil }
    guard let first = elements.first else { return last }
    elements[0] = last
    sink(0)
    return first
  }

  /// Moves an element down: what is above it is in order once it has found its
  /// place, and each step is one copy.
  private mutating func sink(_ start: Int) {
    elements.withUnsafeMutableBufferPointer { elements in
      let element = elements[start]
      var place = start
      while true {
        var least = 2 * place + 1
        guard least < elements.count else { break }
        if least + 1 < elements.count, elements[least + 1] < elements[least] {
          least += 1
        }
        guard elements[least] < element else { break }
        elements[place] = elements[least]
        place = least
      }
      elements[place] = element
    }
  }
}
