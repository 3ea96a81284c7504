"""The thirteen questions in SQL, as somebody writes it who explores the tables with a BI tool.

Rows are counted as they lie there, of the last thirteen weeks, or of all time where the question
is about that; neither who may see what, nor what stood when, nor how sure it is.
"""

QUESTIONS = {
    "completion": """
        SELECT date_trunc('week', due_at AT TIME ZONE 'Asia/Shanghai') AS week,
               count(*) AS due,
               avg(CASE WHEN completed_at IS NOT NULL THEN 1.0 ELSE 0.0 END) AS completed
        FROM callback
        WHERE due_at BETWEEN now() - interval '13 weeks' AND now() AND excluded IS NULL
        GROUP BY 1
        ORDER BY 1
    """,
    "by_agent": """
        SELECT employee.name AS agent,
               count(*) AS due,
               avg(CASE WHEN completed_at <= due_at THEN 1.0 ELSE 0.0 END) AS on_time
        FROM callback
        JOIN employee ON employee.id = callback.agent_id
        WHERE due_at BETWEEN now() - interval '13 weeks' AND now() AND excluded IS NULL
        GROUP BY employee.id, employee.name
        ORDER BY 3 DESC
    """,
    "reach": """
        SELECT extract(isodow FROM at AT TIME ZONE 'Asia/Shanghai') AS weekday,
               extract(hour FROM at AT TIME ZONE 'Asia/Shanghai') AS hour,
               count(*) AS tries,
               avg(CASE WHEN result = 'connected' THEN 1.0 ELSE 0.0 END) AS reached
        FROM call_attempt
        WHERE at >= now() - interval '13 weeks'
        GROUP BY 1, 2
        ORDER BY 1, 2
    """,
    "satisfied": """
        SELECT date_trunc('week', answered_at AT TIME ZONE 'Asia/Shanghai') AS week,
               count(*) AS answers,
               avg(CASE WHEN overall >= 4 THEN 1.0 ELSE 0.0 END) AS satisfied
        FROM survey_response
        WHERE answered_at >= now() - interval '13 weeks' AND overall IS NOT NULL
        GROUP BY 1
        ORDER BY 1
    """,
    "promoters": """
        SELECT date_trunc('month', answered_at AT TIME ZONE 'Asia/Shanghai') AS month,
               count(*) AS answers,
               100.0 * avg(CASE WHEN nps >= 9 THEN 1 WHEN nps <= 6 THEN -1 ELSE 0 END) AS nps
        FROM survey_response
        WHERE answered_at >= now() - interval '13 weeks' AND nps IS NOT NULL
        GROUP BY 1
        ORDER BY 1
    """,
    "dimensions": """
        SELECT question.dimension, count(*) AS answers, avg(survey_answer.score) AS score
        FROM survey_answer
        JOIN survey_response ON survey_response.id = survey_answer.response_id
        JOIN question ON question.id = survey_answer.question_id
        WHERE survey_response.answered_at >= now() - interval '13 weeks'
          AND question.dimension IS NOT NULL
        GROUP BY 1
        ORDER BY 3
    """,
    "ageing": """
        SELECT severity,
               CASE WHEN opened_at > now() - interval '1 day' THEN 'today'
                    WHEN opened_at > now() - interval '3 days' THEN '1-2 days'
                    WHEN opened_at > now() - interval '7 days' THEN '3-6 days'
                    WHEN opened_at > now() - interval '14 days' THEN '7-13 days'
                    WHEN opened_at > now() - interval '30 days' THEN '14-29 days'
                    ELSE '30 days and more' END AS age,
               count(*) AS cases
        FROM complaint
        WHERE resolved_at IS NULL AND closed_at IS NULL
        GROUP BY 1, 2
    """,
    "first_reply": """
        SELECT date_trunc('week', opened_at AT TIME ZONE 'Asia/Shanghai') AS week,
               count(*) AS cases,
               avg(CASE WHEN replied_at <= reply_due_at THEN 1.0 ELSE 0.0 END) AS in_time
        FROM complaint
        WHERE opened_at >= now() - interval '13 weeks' AND reply_due_at IS NOT NULL
        GROUP BY 1
        ORDER BY 1
    """,
    "pareto": """
        SELECT main.name AS category, count(*) AS cases
        FROM complaint
        JOIN complaint_category AS fine ON fine.id = complaint.category_id
        JOIN complaint_category AS main ON main.id = coalesce(fine.parent_id, fine.id)
        WHERE complaint.opened_at >= now() - interval '13 weeks'
        GROUP BY 1
        ORDER BY 2 DESC
    """,
    "cohorts": """
        WITH first AS (
            SELECT vehicle_id, date_trunc('month', min(opened_on)) AS cohort
            FROM repair_order
            GROUP BY 1
        )
        SELECT cohort,
               12 * extract(year FROM age(date_trunc('month', opened_on), cohort))
               + extract(month FROM age(date_trunc('month', opened_on), cohort)) AS months,
               count(DISTINCT vehicle_id) AS vehicles
        FROM repair_order
        JOIN first USING (vehicle_id)
        GROUP BY 1, 2
        ORDER BY 1, 2
    """,
    "away": """
        WITH last AS (
            SELECT vehicle_id, max(opened_on) AS visit FROM repair_order GROUP BY 1
        )
        SELECT least((current_date - visit) / 30, 24) AS months, count(*) AS vehicles
        FROM last
        GROUP BY 1
        ORDER BY 1
    """,
    "who_is_away": """
        SELECT vehicle.plate, vehicle.model, store.name AS store, max(opened_on) AS visit
        FROM repair_order
        JOIN vehicle ON vehicle.id = repair_order.vehicle_id
        JOIN store ON store.id = vehicle.store_id
        GROUP BY vehicle.id, vehicle.plate, vehicle.model, store.name
        HAVING max(opened_on) < current_date - 180
        ORDER BY visit
        LIMIT 100
    """,
    "actions": """
        SELECT count(*) AS actions,
               count(*) FILTER (WHERE state IN ('open', 'in_progress')) AS open,
               count(*) FILTER (WHERE state IN ('open', 'in_progress') AND due_on < current_date)
               AS overdue,
               count(*) FILTER (WHERE state = 'done') AS done,
               count(*) FILTER (WHERE state = 'effective') AS effective
        FROM action
    """,
}
