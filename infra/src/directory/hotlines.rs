//! The list of telephone numbers.

use domain::directory::{Hotline, is_emergency_number};

use crate::dataset::{Reading, read_table};

/// Reads hotlines. A number is shown to citizens once the column `confirmed` says `yes`; without
/// that column only the emergency numbers are.
#[must_use]
pub fn read_hotlines(bytes: &[u8]) -> Reading<Hotline> {
    let needed = ["number", "name", "kind", "scope"];
    read_table(
        bytes,
        &needed,
        |hotline: &Hotline| hotline.number.clone(),
        |row| {
            let number = dialled(&row.text("number")?)?;
            Ok(Hotline {
                name: row.text("name")?,
                kind: row.value("kind")?,
                scope: row.text("scope")?,
                hours: row.optional("hours"),
                evidence: row.optional("evidence").unwrap_or_default(),
                confirmed: row.yes("confirmed")? || is_emergency_number(&number),
                number,
            })
        },
    )
}

/// `number` without the spaces, dots and brackets that people put between its digits.
fn dialled(number: &str) -> Result<String, String> {
    let digits: String = number.chars().filter(|c| !" .-()".contains(*c)).collect();
    let bare = digits.strip_prefix('+').unwrap_or(&digits);
    if (3..=15).contains(&bare.len()) && bare.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(digits)
    } else {
        Err(format!("number is {number:?}, which nobody can dial"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipped;

    #[test]
    fn of_the_shipped_numbers_only_the_emergency_five_are_confirmed() {
        let reading = read_hotlines(shipped::HOTLINES);
        assert_eq!(reading.doubts, []);
        let confirmed: Vec<&str> = reading
            .records
            .iter()
            .filter(|hotline| hotline.confirmed)
            .map(|hotline| hotline.number.as_str())
            .collect();
        assert_eq!(confirmed, ["112", "113", "114", "115", "111"]);
    }

    #[test]
    fn an_operator_confirms_in_the_table() {
        let table = "number,name,kind,scope,confirmed\n0208 385.1234,Nước,utility,tỉnh,yes\n\
                     12,Ngắn,utility,tỉnh,yes\nabc,Chữ,utility,tỉnh,\n1022,Tỉnh,other,tỉnh,maybe\n";
        let reading = read_hotlines(table.as_bytes());
        assert_eq!(reading.records[0].number, "02083851234");
        assert!(reading.records[0].confirmed);
        assert_eq!(reading.doubts.len(), 3);
    }
}
