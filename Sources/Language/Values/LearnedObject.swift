import Autodiff

/// A native object with numbers that are learned, all of them in one tensor: a net.
///
/// In a nest of records, lists and types it stands for that tensor: gradients reach it, and
/// optimisers change it.
public protocol LearnedObject: NativeObject {
  /// The numbers; traced inside a gradient.
  var learned: Variable { get }
  /// The same object with other numbers in the same places.
  func replacing(learned: Variable) -> any NativeObject
}

extension NativeBox {
  /// The object, if it has numbers that are learned.
  var learnedObject: (any LearnedObject)? { object as? any LearnedObject }
}
