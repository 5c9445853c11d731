"""The questionnaire of 42 questions: its files for survey programs and paper, its answers, what they say."""
