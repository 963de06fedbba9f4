//! Speech by the real command.

use std::sync::Arc;
use std::time::Duration;

use wire::speech::{Speech, SpeechFault, SpeechSettings};

#[tokio::test]
async fn a_sentence_is_spoken_once_and_then_known() {
    let speech = Speech::new(SpeechSettings::default());
    let pcm = speech.speak("The heating of 12 Elm Street has failed.").await.expect("speech");
    let range = Duration::from_millis(1_500)..Duration::from_secs(6);
    assert!(range.contains(&pcm.duration()), "{:?}", pcm.duration());
    let loudest = pcm.samples().iter().map(|s| s.unsigned_abs()).max();
    assert!(loudest > Some(5_000), "{loudest:?}");
    let again = speech.clone().speak("The heating of 12 Elm Street has failed.").await;
    assert!(Arc::ptr_eq(&pcm, &again.expect("speech")), "from the cache");
}

#[tokio::test]
async fn nothing_in_a_text_is_an_option_a_command_or_an_end() {
    let speech = Speech::new(SpeechSettings { cache_entries: 0, ..SpeechSettings::default() });
    let plain = speech.speak("hello").await.expect("speech");
    for text in
        ["--help hello", "-f /etc/passwd hello", "$(id) `id` ; id | id hello", "hello\0hello"]
    {
        let pcm = speech.speak(text).await.expect(text);
        assert!(pcm.duration() > plain.duration(), "{text:?} is spoken as it stands");
    }
}

#[tokio::test]
async fn the_least_used_text_is_forgotten_first() {
    let speech = Speech::new(SpeechSettings { cache_entries: 2, ..SpeechSettings::default() });
    let one = speech.speak("one").await.expect("speech");
    speech.speak("two").await.expect("speech");
    let again = speech.speak("one").await.expect("speech");
    assert!(Arc::ptr_eq(&one, &again));
    let two = speech.speak("two").await.expect("speech");
    speech.speak("three").await.expect("speech");
    assert!(Arc::ptr_eq(&two, &speech.speak("two").await.expect("speech")));
    assert!(!Arc::ptr_eq(&one, &speech.speak("one").await.expect("speech")));
}

#[tokio::test]
async fn speech_that_never_ends_is_cut_off() {
    let wav = "printf 'RIFF\\377\\377\\377\\177WAVEfmt '; cat /dev/zero";
    let command = ["sh", "-c", wav].map(str::to_owned).to_vec();
    let speech = Speech::new(SpeechSettings { command, ..SpeechSettings::default() });
    assert_eq!(speech.speak("hello").await, Err(SpeechFault::TooLong));
}
