//! Emergency support: from the first tap to the call being handled.
